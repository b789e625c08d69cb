package rally

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"percolate/ticket"
)

// oid is Rally's number of an object, which is never given to another one.
type oid int64

// String is the number in decimal.
func (o oid) String() string { return strconv.FormatInt(int64(o), 10) }

// oidOf reads a ticket's ref; 0 for what is none.
func oidOf(ref ticket.Ref) oid {
	n, err := strconv.ParseInt(string(ref), 10, 64)
	if err != nil || n <= 0 {
		return 0
	}
	return oid(n)
}

// kindOf is one of the two types of artifact that we file, as paths name it.
type kindOf string

const (
	storyType  kindOf = "hierarchicalrequirement"
	defectType kindOf = "defect"
)

// element is the name of the type in bodies.
func (k kindOf) element() string {
	if k == defectType {
		return "Defect"
	}
	return "HierarchicalRequirement"
}

// typeOf is the type that tickets of a kind are filed as.
func typeOf(kind ticket.Kind) kindOf {
	if kind == ticket.KindDefect {
		return defectType
	}
	return storyType
}

// path is where an object is.
func path(typ string, id oid) string { return "/" + typ + "/" + id.String() }

// object is what answers hold where they refer to something. Which of its attributes
// are set depends on what was fetched.
type object struct {
	Ref      string `json:"_ref"`
	Type     string `json:"_type"`
	ObjectID oid    `json:"ObjectID"`
	Name     string `json:"Name"`
	UserName string `json:"UserName"`
	Email    string `json:"EmailAddress"`
	Start    string `json:"StartDate"`
	End      string `json:"EndDate"`
}

// id is the number of the object, 0 where there is none.
func (o *object) id() oid {
	switch {
	case o == nil:
		return 0
	case o.ObjectID != 0:
		return o.ObjectID
	}
	return oidOf(ticket.Ref(o.Ref[strings.LastIndexByte(o.Ref, '/')+1:]))
}

// collection is what answers hold of a collection: the names of its members, and how
// many there are.
type collection struct {
	Count int      `json:"Count"`
	Named []object `json:"_tagsNameArray"`
}

func (c collection) names() []string {
	names := make([]string, len(c.Named))
	for i, m := range c.Named {
		names[i] = m.Name
	}
	return names
}

// artifact is a story or a defect as Rally answers it.
type artifact struct {
	object
	FormattedID   string     `json:"FormattedID"`
	Description   string     `json:"Description"`
	Notes         string     `json:"Notes"`
	Tags          collection `json:"Tags"`
	Milestones    collection `json:"Milestones"`
	Owner         *object    `json:"Owner"`
	Parent        *object    `json:"Parent"`        // of a story
	PortfolioItem *object    `json:"PortfolioItem"` // of a story that is below a feature
	Requirement   *object    `json:"Requirement"`   // of a defect
	Iteration     *object    `json:"Iteration"`
	ScheduleState string     `json:"ScheduleState"`
	State         string     `json:"State"`
	Resolution    string     `json:"Resolution"`
	Blocked       bool       `json:"Blocked"`
	Priority      string     `json:"Priority"`
	Updated       string     `json:"LastUpdateDate"`
	Recycled      bool       `json:"Recycled"`

	more map[string]json.RawMessage // all attributes, for those that the configuration names
}

// UnmarshalJSON keeps every attribute beside those that are always there.
func (a *artifact) UnmarshalJSON(b []byte) error {
	type plain artifact
	if err := json.Unmarshal(b, (*plain)(a)); err != nil {
		return err
	}
	return json.Unmarshal(b, &a.more)
}

// kind is the type of the artifact.
func (a *artifact) kind() kindOf {
	if strings.EqualFold(a.Type, "Defect") {
		return defectType
	}
	return storyType
}

// thin reports whether the answer does not hold what was to be fetched.
func (a *artifact) thin() bool {
	_, described := a.more["Description"]
	return a.id() == 0 || a.FormattedID == "" || a.Updated == "" || !described
}

// stamp is an instant as Rally writes it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// instant reads an instant of Rally; the zero time for what is none.
func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
