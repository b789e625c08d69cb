package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

func fenceClaims() []claim {
	a1 := links("PER-1/A1")
	return []claim{
		{"NoLeaseWritesNothing", func(t *testing.T, s persync.State) {
			wantFenced(t, s.Save(t.Context(), persync.Lease{}, a1))
			wantFenced(t, s.Save(t.Context(), persync.Lease{Documents: []string{"PER-1"}, Holder: "a", Fence: 1}, a1))
			wantKeys(t, s, nil)
		}},
		{"NothingToWriteNeedsNoLease", func(t *testing.T, s persync.State) {
			must(t, s.Save(t.Context(), persync.Lease{}, nil))
		}},
		{"ALeaseOnAnotherDocumentWritesNothing", func(t *testing.T, s persync.State) {
			l := lease(t, s, "a", "PER-1")
			l.Documents = append(l.Documents, "PER-2")
			wantFenced(t, s.Save(t.Context(), l, links("PER-1", "PER-2/A1")))
			wantFenced(t, s.Save(t.Context(), l, links("PER-1"), ticket.ParseKey("PER-2/A1")))
			wantKeys(t, s, nil)
		}},
		{"ALeaseTakenOverWritesNothing", func(t *testing.T, s persync.State) {
			old := want[persync.Lease](t)(s.Lease(t.Context(), []string{"PER-1", "PER-2"}, "a", 0))
			lease(t, s, "b", "PER-2")
			wantFenced(t, s.Save(t.Context(), old, links("PER-1", "PER-2")))
			wantKeys(t, s, nil)
			must(t, s.Save(t.Context(), old, links("PER-1")))
		}},
		{"TheSameHolderLosesItsOlderLease", func(t *testing.T, s persync.State) {
			old := lease(t, s, "a", "PER-1")
			fresh := lease(t, s, "a", "PER-1")
			wantFenced(t, s.Save(t.Context(), old, a1))
			must(t, s.Save(t.Context(), fresh, a1))
		}},
		{"AnExpiredLeaseThatNobodyTookStillWrites", func(t *testing.T, s persync.State) {
			old := want[persync.Lease](t)(s.Lease(t.Context(), []string{"PER-1"}, "a", 0))
			must(t, s.Save(t.Context(), old, a1))
			wantKeys(t, s, []string{"PER-1/A1"})
		}},
		{"AReleasedLeaseWritesNothing", func(t *testing.T, s persync.State) {
			l := lease(t, s, "a", "PER-1")
			must(t, s.Release(t.Context(), l))
			wantFenced(t, s.Save(t.Context(), l, a1))
		}},
		{"GrowsAcrossDocumentsAndReleases", func(t *testing.T, s persync.State) {
			last := int64(0)
			for i := range 5 {
				l := lease(t, s, fmt.Sprint(i), fmt.Sprint("PER-", i%2))
				if l.Fence <= last {
					t.Fatalf("fence %d after %d", l.Fence, last)
				}
				last = l.Fence
				must(t, s.Release(t.Context(), l))
			}
		}},
	}
}

func leaseClaims() []claim {
	return []claim{
		{"SaysWhatItHolds", func(t *testing.T, s persync.State) {
			l := lease(t, s, "a", "PER-2", "PER-1", "PER-2")
			if !reflect.DeepEqual(l.Documents, []string{"PER-1", "PER-2"}) || l.Holder != "a" || l.Fence < 1 || l.Expires.IsZero() {
				t.Errorf("got %+v, want each document once, in order", l)
			}
		}},
		{"OfNoDocumentsIsNoQuarrel", func(t *testing.T, s persync.State) {
			l := lease(t, s, "a")
			must(t, s.Release(t.Context(), want[persync.Lease](t)(s.Renew(t.Context(), l, time.Hour))))
		}},
		{"ShutsOthersOut", func(t *testing.T, s persync.State) {
			held := lease(t, s, "a", "PER-2", "PER-3")
			later := want[persync.Lease](t)(s.Lease(t.Context(), []string{"PER-4"}, "c", 2*time.Hour))
			_, err := s.Lease(t.Context(), []string{"PER-4", "PER-1", "PER-3"}, "b", time.Hour)
			busy := wantBusy(t, err)
			if !reflect.DeepEqual(busy.Documents, []string{"PER-3", "PER-4"}) || busy.Holder != held.Holder || !busy.Until.Equal(later.Expires) {
				t.Errorf("got %+v, want PER-3 of a and PER-4 of c until %v", busy, later.Expires)
			}
		}},
		{"IsAllOrNothing", func(t *testing.T, s persync.State) {
			lease(t, s, "a", "PER-2")
			_, err := s.Lease(t.Context(), []string{"PER-1", "PER-2", "PER-3"}, "b", time.Hour)
			wantBusy(t, err)
			lease(t, s, "c", "PER-1", "PER-3")
		}},
		{"OnceExpiredIsFreeToTake", func(t *testing.T, s persync.State) {
			old := want[persync.Lease](t)(s.Lease(t.Context(), []string{"PER-1"}, "a", 0))
			if l := lease(t, s, "b", "PER-1"); l.Fence <= old.Fence {
				t.Errorf("fence %d does not follow %d", l.Fence, old.Fence)
			}
		}},
		{"OnceReleasedIsFreeToTake", func(t *testing.T, s persync.State) {
			must(t, s.Release(t.Context(), lease(t, s, "a", "PER-1", "PER-2")))
			lease(t, s, "b", "PER-1", "PER-2")
		}},
		{"ReleasingALostOneDoesNothing", func(t *testing.T, s persync.State) {
			old := want[persync.Lease](t)(s.Lease(t.Context(), []string{"PER-1", "PER-2"}, "a", 0))
			lease(t, s, "b", "PER-1")
			must(t, s.Release(t.Context(), old))
			_, err := s.Lease(t.Context(), []string{"PER-1"}, "c", time.Hour)
			wantBusy(t, err)
			lease(t, s, "c", "PER-2")
		}},
		{"RenewedShutsOthersOutLonger", func(t *testing.T, s persync.State) {
			short := want[persync.Lease](t)(s.Lease(t.Context(), []string{"PER-1"}, "a", 0))
			long := want[persync.Lease](t)(s.Renew(t.Context(), short, time.Hour))
			if long.Fence != short.Fence || long.Holder != "a" || !reflect.DeepEqual(long.Documents, short.Documents) || !long.Expires.After(short.Expires) {
				t.Errorf("got %+v from %+v", long, short)
			}
			_, err := s.Lease(t.Context(), []string{"PER-1"}, "b", time.Hour)
			if busy := wantBusy(t, err); !busy.Until.Equal(long.Expires) {
				t.Errorf("held until %v, want %v", busy.Until, long.Expires)
			}
			must(t, s.Save(t.Context(), short, links("PER-1")))
		}},
		{"LostInPartIsNotRenewed", func(t *testing.T, s persync.State) {
			old := want[persync.Lease](t)(s.Lease(t.Context(), []string{"PER-1", "PER-2"}, "a", 0))
			lease(t, s, "b", "PER-2")
			_, err := s.Renew(t.Context(), old, time.Hour)
			wantFenced(t, err)
			lease(t, s, "c", "PER-1") // was not extended
		}},
		{"ReleasedIsNotRenewed", func(t *testing.T, s persync.State) {
			l := lease(t, s, "a", "PER-1")
			must(t, s.Release(t.Context(), l))
			_, err := s.Renew(t.Context(), l, time.Hour)
			wantFenced(t, err)
		}},
		{"TenThousandDocumentsInOneCall", func(t *testing.T, s persync.State) {
			var documents []string
			for i := range 10_000 {
				documents = append(documents, fmt.Sprintf("PER-%05d", i))
			}
			l := lease(t, s, "a", documents...)
			_, err := s.Lease(t.Context(), documents, "b", time.Hour)
			if busy := wantBusy(t, err); len(busy.Documents) != len(documents) {
				t.Errorf("%d documents are busy, want %d", len(busy.Documents), len(documents))
			}
			must(t, s.Release(t.Context(), want[persync.Lease](t)(s.Renew(t.Context(), l, time.Hour))))
			lease(t, s, "b", documents...)
		}},
		{"GoesToOneOfManyAtOnce", func(t *testing.T, s persync.State) {
			var group sync.WaitGroup
			fences := make([]int64, 8)
			for i := range fences {
				group.Go(func() {
					l, err := s.Lease(t.Context(), []string{"PER-1", "PER-2"}, fmt.Sprint("holder ", i), time.Hour)
					if _, busy := errors.AsType[*persync.BusyError](err); err != nil && !busy {
						t.Errorf("holder %d: %v", i, err)
					}
					fences[i] = l.Fence
				})
			}
			group.Wait()
			if won := slices.DeleteFunc(fences, func(f int64) bool { return f == 0 }); len(won) != 1 {
				t.Errorf("fences %v were given out, want one", won)
			}
		}},
	}
}

// wantFenced checks that err is [persync.ErrFenced].
func wantFenced(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, persync.ErrFenced) {
		t.Errorf("got error %v, want ErrFenced", err)
	}
}

// wantBusy ends the test unless err is a [*persync.BusyError].
func wantBusy(t *testing.T, err error) *persync.BusyError {
	t.Helper()
	busy, ok := errors.AsType[*persync.BusyError](err)
	if !ok {
		t.Fatalf("got error %v, want a BusyError", err)
	}
	return busy
}
