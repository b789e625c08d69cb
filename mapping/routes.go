package mapping

import (
	"fmt"
	"path"
	"strings"

	"percolate/per"
)

// route is a [Route] made ready.
type route struct {
	Route
	glob     *Glob
	severity string
}

func newRoutes(s Settings, known severities, wrong *faults) []route {
	var routes []route
	for i, r := range s.Routes {
		at := fmt.Sprintf("routes[%d]", i)
		ready := route{Route: r, severity: known.of(r.Severity)}
		if _, ok := s.tracker(r.Tracker); !ok {
			wrong.add(at+".tracker", "%s", unknownTracker(s, r.Tracker))
		}
		if r.Severity != "" && ready.severity == "" {
			wrong.add(at+".severity", "%q is not in mapping.severities", r.Severity)
		}
		if r.Path != "" {
			g, err := ParseGlob(r.Path)
			if err != nil {
				wrong.add(at+".path", "%w", err)
			}
			ready.glob = &g
		}
		routes = append(routes, ready)
	}
	return routes
}

// fits reports whether a document at a path, with a severity of the scale, meets every condition.
func (r route) fits(d *per.Document, at, severity string) bool {
	return fitsWord(r.Team, d.Team.Value) &&
		fitsWord(r.Service, d.Service.Value) &&
		fitsWord(r.Kind, string(d.Kind)) &&
		(r.severity == "" || r.severity == severity) &&
		(r.Confidential == nil || *r.Confidential == d.Confidential) &&
		(r.glob == nil || r.glob.Match(at))
}

func fitsWord(condition, word string) bool { return condition == "" || fold(condition) == fold(word) }

// route is the tracker of a document: that of the first route that fits, else the
// default one. Its name is empty when there is neither.
func (r *Rules) route(d *per.Document, severity string) Tracker {
	name := r.settings.DefaultTracker
	at := r.relative(d.Path)
	for _, route := range r.routes {
		if route.fits(d, at, severity) {
			name = route.Tracker
			break
		}
	}
	t, _ := r.settings.tracker(name)
	return t
}

// relative is a path as it is told from the root folder, so that neither routes nor
// links change with the folder in which percolate is started.
func (r *Rules) relative(name string) string {
	root := path.Clean(r.settings.Root)
	if rest, below := strings.CutPrefix(path.Clean(name), root+"/"); below && root != "." {
		return rest
	}
	return path.Clean(name)
}
