package rallytest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is anything that Rally stores.
type object struct {
	id        int64
	typ       string // as in paths
	workspace int64  // 0 for what belongs to none
	values    map[string]any
	sets      map[string][]int64 // collections
	version   int
	recycled  bool
	visible   time.Time // nobody sees it before
}

func (s *Server) next() int64 {
	s.serial += 17 // ids are no numbers of anything
	return s.serial
}

// add stores a new object.
func (s *Server) add(typ string, workspace int64, values map[string]any) *object {
	o := &object{id: s.next(), typ: typ, workspace: workspace, values: values, sets: map[string][]int64{}, version: 1}
	o.values["ObjectID"] = o.id
	if isArtifact(typ) {
		s.numbers[typ]++
		prefix := map[string]string{"hierarchicalrequirement": "US", "defect": "DE"}[typ]
		o.values["FormattedID"] = prefix + strconv.Itoa(s.numbers[typ])
		o.values["CreationDate"] = s.opt.Now()
		o.values["Recycled"] = false
		s.defaults(o)
		s.touch(o)
	}
	s.objects = append(s.objects, o)
	s.byID[o.id] = o
	return o
}

func (s *Server) defaults(o *object) {
	unset := func(name string, value any) {
		if _, ok := o.values[name]; !ok {
			o.values[name] = value
		}
	}
	unset("ScheduleState", "Defined")
	unset("Blocked", false)
	if o.typ == "defect" {
		unset("State", "Submitted")
		unset("Priority", "None")
		unset("Severity", "None")
		unset("Resolution", "None")
	}
}

// touch notes that an object has just changed.
func (s *Server) touch(o *object) {
	o.version++
	o.values["LastUpdateDate"] = s.opt.Now()
}

// get is the object of an id and type; nil where nobody sees one. An artifact is also
// found as an artifact.
func (s *Server) get(typ string, id int64) *object {
	o := s.byID[id]
	if o == nil || o.recycled || o.visible.After(s.opt.Now()) || o.typ != typ && !(typ == "artifact" && isArtifact(o.typ)) {
		return nil
	}
	return o
}

// refTo is the object that a reference names: "/user/12", or an address that ends so.
func (s *Server) refTo(of, text string) *object {
	parts := strings.Split(strings.Trim(text, "/"), "/")
	if len(parts) < 2 {
		return nil
	}
	id, err := strconv.ParseInt(parts[len(parts)-1], 10, 64)
	typ := strings.ToLower(parts[len(parts)-2])
	if err != nil || typ != of && !(of == "artifact" && isArtifact(typ)) {
		return nil
	}
	return s.get(typ, id)
}

// target is the object that a reference attribute holds.
func (s *Server) target(o *object, name string) *object {
	id, _ := o.values[name].(int64)
	if id == 0 {
		return nil
	}
	t := s.byID[id]
	if t == nil || t.recycled {
		return nil
	}
	return t
}

// text is a value as text.
func (o *object) text(name string) string {
	t, _ := o.values[name].(string)
	return t
}

// name is how an object is called in references.
func (o *object) name() string {
	for _, n := range []string{"Name", "DisplayName", "UserName", "ElementName", "StringValue"} {
		if t := o.text(n); t != "" {
			return t
		}
	}
	return ""
}

// below are the live stories and defects below a story.
func (s *Server) below(id int64, typ, attribute string) (children []*object) {
	for _, o := range s.objects {
		if o.typ == typ && !o.recycled && o.values[attribute] == id {
			children = append(children, o)
		}
	}
	return children
}

// rollUp gives a story with stories below it their state, as Rally does.
func (s *Server) rollUp(id int64) {
	o := s.byID[id]
	if o == nil || o.typ != "hierarchicalrequirement" || s.faults.NoRollUp {
		return
	}
	children := s.below(id, "hierarchicalrequirement", "Parent")
	if len(children) == 0 {
		return
	}
	order := []string{"Idea", "Defined", "In-Progress", "Completed", "Accepted", "Released"}
	least, most := len(order), -1
	for _, c := range children {
		at := slices.Index(order, c.text("ScheduleState"))
		least, most = min(least, at), max(most, at)
	}
	state := order[least]
	if least < 2 && most >= 2 {
		state = "In-Progress"
	}
	if o.text("ScheduleState") != state {
		o.values["ScheduleState"] = state
		s.touch(o)
	}
	if above, ok := o.values["Parent"].(int64); ok {
		s.rollUp(above)
	}
}

// seed makes what is there before anybody files a ticket.
func (s *Server) seed() {
	for i, id := range []int64{s.opt.Workspace, OtherWorkspace} {
		conf := s.add("workspaceconfiguration", id, map[string]any{"TimeZone": s.opt.Zone.String()})
		s.known(id, "workspace", map[string]any{"Name": []string{"Operations", "Somebody's default"}[i], "State": "Open", "WorkspaceConfiguration": conf.id})
	}
	for _, u := range people() {
		s.known(u.id, "user", map[string]any{"UserName": u.name, "EmailAddress": u.email, "DisplayName": u.display, "Disabled": u.disabled})
	}
	s.project(s.opt.Project, s.opt.Workspace, "Backlog", 0)
	s.project(OtherProject, s.opt.Workspace, "Elsewhere", 0)
	s.project(defaultProject, OtherWorkspace, "Sandbox", 0)
	for _, typ := range []string{"hierarchicalrequirement", "defect"} {
		s.add("typedefinition", s.opt.Workspace, map[string]any{"Name": elementOf(typ), "ElementName": elementOf(typ)})
	}
	s.feature = s.add("portfolioitem", s.opt.Workspace, map[string]any{"Name": "A feature"}).id
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, s.opt.Zone)
	for i := range 40 {
		first := start.AddDate(0, 0, 14*i)
		s.add("iteration", s.opt.Workspace, map[string]any{
			"Name": fmt.Sprintf("Sprint %d", i+1), "StartDate": first, "EndDate": first.AddDate(0, 0, 14).Add(-time.Second), "Project": s.opt.Project,
		})
	}
}

// known stores an object with an id that others name.
func (s *Server) known(id int64, typ string, values map[string]any) *object {
	values["ObjectID"] = id
	o := &object{id: id, typ: typ, values: values, sets: map[string][]int64{}, version: 1}
	s.objects = append(s.objects, o)
	s.byID[id] = o
	return o
}

func (s *Server) project(id, workspace int64, name string, parent int64) {
	p := s.known(id, "project", map[string]any{"Name": name, "State": "Open", "Workspace": workspace})
	p.workspace = workspace
	if parent != 0 {
		p.values["Parent"] = parent
	}
	for _, u := range people() {
		if u.access && !u.disabled {
			p.sets["Editors"] = append(p.sets["Editors"], u.id)
		}
	}
}

type account struct {
	id                   int64
	name, email, display string
	disabled, access     bool
}

// people are those with an account, some of whom cannot own a ticket of the project.
func people() []account {
	return []account{
		{7001, "bot@percolate.example", "bot@percolate.example", "percolate bot", false, true},
		{7002, "ann@percolate.example", "ann@percolate.example", "Ann", false, true},
		{7003, "bob", "bob@percolate.example", "Bob", false, true},
		{7004, "twin1", "twin@percolate.example", "Twin", false, true},
		{7005, "twin2", "twin@percolate.example", "Twin", false, true},
		{7006, "noaccess@percolate.example", "noaccess@percolate.example", "No Access", false, false},
		{7008, "old-bob", "bob@percolate.example", "Bob as he was", true, false},
		{7007, "gone@percolate.example", "gone@percolate.example", "Gone", true, false},
	}
}
