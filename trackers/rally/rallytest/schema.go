package rallytest

import (
	"slices"
	"strings"
)

// kind is what sort of value an attribute holds.
type kind string

const (
	text       kind = "STRING"
	rich       kind = "TEXT" // HTML
	choice     kind = "RATING"
	flag       kind = "BOOLEAN"
	number     kind = "INTEGER"
	date       kind = "DATE" // a day in the zone of the workspace, kept as an instant
	ref        kind = "OBJECT"
	collection kind = "COLLECTION"
)

// attribute is one attribute of a type.
type attribute struct {
	name     string
	kind     kind
	of       string // the type that it refers to
	readOnly bool
	required bool
	allowed  []string
	max      int // bytes of a text
}

// attributesOf are the attributes of a type, which is named as in paths; nil for one
// that there is not.
func attributesOf(typ string) []attribute {
	name := attribute{name: "Name", kind: text, required: true, max: 256}
	id := attribute{name: "ObjectID", kind: number, readOnly: true}
	switch typ {
	case "hierarchicalrequirement":
		return append(artifactAttributes(),
			attribute{name: "Parent", kind: ref, of: "hierarchicalrequirement"}, attribute{name: "PortfolioItem", kind: ref, of: "portfolioitem"},
			attribute{name: "Children", kind: collection, of: "hierarchicalrequirement", readOnly: true})
	case "defect":
		return append(artifactAttributes(),
			attribute{name: "Requirement", kind: ref, of: "hierarchicalrequirement"},
			attribute{name: "State", kind: choice, allowed: []string{"Submitted", "Open", "Fixed", "Closed", "Closed Declined"}},
			attribute{name: "Priority", kind: choice, allowed: []string{"None", "Resolve Immediately", "High Attention", "Normal", "Low"}},
			attribute{name: "Severity", kind: choice, allowed: []string{"None", "Crash/Data Loss", "Major Problem", "Minor Problem", "Cosmetic"}},
			attribute{name: "Resolution", kind: choice, allowed: []string{"None", "Code Change", "Duplicate", "Not a Defect", "Software Limitation"}},
			attribute{name: "TargetDate", kind: date}, attribute{name: "ClosedDate", kind: date, readOnly: true})
	case "tag":
		return []attribute{id, name, {name: "Archived", kind: flag}}
	case "milestone":
		return []attribute{id, name, {name: "TargetDate", kind: date}, {name: "Projects", kind: collection, of: "project"}}
	case "iteration":
		return []attribute{id, name, {name: "StartDate", kind: date}, {name: "EndDate", kind: date}, {name: "Project", kind: ref, of: "project"}}
	case "user":
		return []attribute{id, {name: "UserName", kind: text}, {name: "EmailAddress", kind: text}, {name: "DisplayName", kind: text}, {name: "Disabled", kind: flag}}
	case "project":
		return []attribute{id, name, {name: "State", kind: text}, {name: "Parent", kind: ref, of: "project"}, {name: "Workspace", kind: ref, of: "workspace"}, {name: "Editors", kind: collection, of: "user"}}
	case "workspace":
		return []attribute{id, name, {name: "State", kind: text}, {name: "WorkspaceConfiguration", kind: ref, of: "workspaceconfiguration"}}
	case "workspaceconfiguration":
		return []attribute{id, {name: "TimeZone", kind: text}}
	case "conversationpost":
		return []attribute{id, {name: "Artifact", kind: ref, of: "artifact", required: true}, {name: "Text", kind: rich, max: 32768}, {name: "User", kind: ref, of: "user", readOnly: true}, {name: "CreationDate", kind: date, readOnly: true}}
	case "typedefinition":
		return []attribute{id, name, {name: "ElementName", kind: text}, {name: "Attributes", kind: collection, of: "attributedefinition"}}
	case "attributedefinition":
		return []attribute{id, name, {name: "ElementName", kind: text}, {name: "AttributeType", kind: text}, {name: "Required", kind: flag},
			{name: "ReadOnly", kind: flag}, {name: "Hidden", kind: flag}, {name: "AllowedValues", kind: collection, of: "allowedattributevalue"}}
	case "allowedattributevalue":
		return []attribute{id, {name: "StringValue", kind: text}}
	case "portfolioitem":
		return []attribute{id, name}
	}
	return nil
}

// artifactAttributes are those that stories and defects share.
func artifactAttributes() []attribute {
	return []attribute{
		{name: "ObjectID", kind: number, readOnly: true}, {name: "FormattedID", kind: text, readOnly: true},
		{name: "Name", kind: text, required: true, max: 256}, {name: "Description", kind: rich, max: 32768}, {name: "Notes", kind: rich, max: 32768},
		{name: "Project", kind: ref, of: "project", required: true}, {name: "Owner", kind: ref, of: "user"}, {name: "Iteration", kind: ref, of: "iteration"},
		{name: "ScheduleState", kind: choice, allowed: []string{"Idea", "Defined", "In-Progress", "Completed", "Accepted", "Released"}},
		{name: "Blocked", kind: flag}, {name: "BlockedReason", kind: text, max: 256},
		{name: "Tags", kind: collection, of: "tag"}, {name: "Milestones", kind: collection, of: "milestone"},
		{name: "Discussion", kind: collection, of: "conversationpost", readOnly: true},
		{name: "CreationDate", kind: date, readOnly: true}, {name: "LastUpdateDate", kind: date, readOnly: true}, {name: "Recycled", kind: flag, readOnly: true},
		{name: "c_DueDate", kind: date}, {name: "c_Team", kind: choice, allowed: []string{"Operations", "Web"}}, {name: "c_Cost", kind: number},
	}
}

// elements are the names of types in bodies and answers, by those in paths.
func elementOf(typ string) string {
	for _, name := range []string{
		"HierarchicalRequirement", "Defect", "Tag", "Milestone", "Iteration", "User", "Project", "Workspace", "WorkspaceConfiguration",
		"ConversationPost", "TypeDefinition", "AttributeDefinition", "AllowedAttributeValue", "PortfolioItem", "Artifact",
	} {
		if strings.EqualFold(name, typ) {
			return name
		}
	}
	return typ
}

// attribute finds an attribute of a type, as the switches leave it.
func (s *Server) attribute(typ, name string) (attribute, bool) {
	for _, a := range attributesOf(typ) {
		if !strings.EqualFold(a.name, name) {
			continue
		}
		if isArtifact(typ) {
			a.required = a.required || slices.Contains(s.faults.Required, a.name)
			if a.name == "Priority" && s.opt.Priorities != nil {
				a.allowed = append([]string{"None"}, s.opt.Priorities...)
			}
		}
		return a, true
	}
	return attribute{}, false
}

func isArtifact(typ string) bool { return typ == "hierarchicalrequirement" || typ == "defect" }
