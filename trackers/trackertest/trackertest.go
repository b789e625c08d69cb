// Package trackertest proves that a tracker keeps the contract of the port: one test
// for each claim, from easy to odd, so that the author of a tracker can make them pass
// from top to bottom. What a tracker cannot do, or a harness cannot bring about, is
// skipped with the reason. It knows no tracker and starts no server; the harness does.
package trackertest

import (
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// Harness brings a tracker to the test.
type Harness struct {
	// New makes an empty place for one test.
	New func(t *testing.T) *Place

	// Accounts are two accounts or more that can be assigned.
	Accounts []string
	// Unassignable is an account that cannot be, "" when anybody can.
	Unassignable string
	// Statuses are those that the tracker can show; nil means all five.
	Statuses []ticket.Status
	// Stored is what the tracker makes of values that it takes: of titles that are too
	// long, of labels in capitals. Nil means that it keeps them as they are, but for
	// the white space in a body, which never counts.
	Stored func(ticket.Fields) ticket.Fields
	// Moves says that the tracker tells when people moved a ticket, in Seen.Moved.
	Moves bool
}

// Place is one tracker and what people and chance do to it. What is nil cannot be
// done, and the tests that need it are skipped.
type Place struct {
	Tracker trackers.Tracker
	// Prefix starts every document's id, where the place may hold tickets of other runs.
	Prefix string
	// Wait lets time pass. It may be nil when Info.FindLag is 0.
	Wait func(time.Duration)

	Open     func(title, text string) ticket.Ref // a person files a ticket
	Edit     func(ref ticket.Ref, e Edit)        // a person changes one
	Remark   func(ref ticket.Ref, text string)   // a person comments on one
	Delete   func(ref ticket.Ref)                // a person deletes one
	Move     func(ref ticket.Ref)                // a person moves one so that its name changes
	Text     func(ref ticket.Ref) string         // a ticket's whole text, without comments
	Comments func(ref ticket.Ref) []string       // the texts of a ticket's comments

	Refuse     func(key ticket.Key) // the tracker will refuse to create this one
	LoseAnswer func()               // the next write is done and its answer is lost
}

// Edit is what a person changes of a ticket. Zero values change nothing.
type Edit struct {
	Title    string
	Text     func(string) string // from the whole text to the new one
	Label    string              // to add
	Assignee string
	Status   ticket.Status
	Due      ticket.Day
	Parent   ticket.Ref // to put it below
}

// Run runs every claim as a test of its own.
func Run(t *testing.T, h Harness) {
	t.Helper()
	for _, c := range claims() {
		t.Run(c.name, func(t *testing.T) {
			c.test(&trial{T: t, h: h, Place: h.New(t)})
		})
	}
}

// claim is one thing that a tracker must do.
type claim struct {
	name string
	test func(*trial)
}

func claims() []claim {
	return []claim{
		{"InfoIsComplete", infoIsComplete},
		{"CreateReturnsTheTicketAsStored", createReturnsTheTicketAsStored},
		{"CreateWithoutOptionalFields", createWithoutOptionalFields},
		{"GetLeavesOutWhatIsNotThere", getLeavesOutWhatIsNotThere},
		{"CreateKeepsOrder", createKeepsOrder},
		{"CreateReportsPerItem", createReportsPerItem},
		{"ChildIsBelowItsParent", childIsBelowItsParent},
		{"NamesAreRecognised", namesAreRecognised},
		{"FindFindsParentAndChildren", findFindsParentAndChildren},
		{"FindIsExact", findIsExact},
		{"FindAllFindsEverythingOfOursAndNothingElse", findAllFindsEverythingOfOurs},
		{"FindStopsWhenTold", findStopsWhenTold},
		{"UpdateTouchesOnlyWhatItNames", updateTouchesOnlyWhatItNames},
		{"UpdateReturnsTheTicketAsStored", updateReturnsTheTicketAsStored},
		{"UpdateClears", updateClears},
		{"UpdateAddsAndDropsLabelsOneByOne", updateAddsAndDropsLabels},
		{"UpdatePutsATicketBelowAnother", updatePutsATicketBelowAnother},
		{"AnEmptyPatchChangesNothing", anEmptyPatchChangesNothing},
		{"KindChangesWhereItCan", kindChangesWhereItCan},
		{"BodyOfPeopleStays", bodyOfPeopleStays},
		{"CommentIsAddedOnce", commentIsAddedOnce},
		{"PatchOfAKnownCommentIsNotDoneAgain", patchOfAKnownCommentIsNotDoneAgain},
		{"WhatAPersonEditedIsSeen", whatAPersonEditedIsSeen},
		{"MovementIsPeoples", movementIsPeoples},
		{"StatusIsFolded", statusIsFolded},
		{"StatusIsWritten", statusIsWritten},
		{"UnassignableOwnerIsUnmet", unassignableOwnerIsUnmet},
		{"ATicketOfAPersonIsPutBelowAParent", aTicketOfAPersonIsPutBelowAParent},
		{"HardTitlesSurvive", hardTitlesSurvive},
		{"HardBodiesSurvive", hardBodiesSurvive},
		{"GoneIsLeftOut", goneIsLeftOut},
		{"MovedIsFollowed", movedIsFollowed},
		{"ChangedShowsEverythingFirst", changedShowsEverythingFirst},
		{"ChangedSeesAChange", changedSeesAChange},
		{"CursorIsNeverEmptyAfterAPage", cursorIsNeverEmpty},
		{"ChangedFromCursorIsCheap", changedFromCursorIsCheap},
		{"ChangedMayRepeatButNeverMisses", changedNeverMisses},
		{"CensusHoldsWhatIsThere", censusHoldsWhatIsThere},
		{"ConcurrentCreatesAreAllThere", concurrentCreatesAreAllThere},
		{"CheckWritesNothing", checkWritesNothing},
		{"CheckTellsWhoCannotBeAssigned", checkTellsWhoCannotBeAssigned},
		{"ErrorsAreTyped", errorsAreTyped},
		{"NothingIsDoneForWhoWaitsNoLonger", nothingIsDoneForWhoWaitsNoLonger},
		{"LostCreateIsFoundAgain", lostCreateIsFoundAgain},
		{"LostUpdateMayBeRepeated", lostUpdateMayBeRepeated},
	}
}
