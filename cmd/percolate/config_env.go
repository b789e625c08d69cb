package main

import (
	"reflect"
	"strconv"
	"strings"
	"time"
)

// envPrefix begins the name of every variable that overrides a value: documents.paths
// is PERCOLATE_DOCUMENTS_PATHS. Values inside lists of sections, such as people and
// trackers, have no variable; a list of texts is written with commas.
const envPrefix = "PERCOLATE_"

func envName(path string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(path, ".", "_"))
}

// readEnv returns the overrides by viper's key. Viper could read the environment
// itself, but its Unmarshal does not see what is only there.
func readEnv(o *origins, env func(string) (string, bool)) (map[string]any, configError) {
	overrides := map[string]any{}
	var faults configError
	configLeaves(reflect.TypeFor[config](), "", func(path string, t reflect.Type) {
		text, set := env(envName(path))
		if !set || !overridable(t) {
			return
		}
		o.env[path] = envName(path)
		value, expected := parseEnv(text, t)
		if expected != "" {
			faults = append(faults, o.fault(path, "expected %s, found %q", expected, text))
			return
		}
		overrides[strings.ReplaceAll(path, ".", keyDelimiter)] = value
	})
	return overrides, faults
}

func overridable(t reflect.Type) bool {
	return t.Kind() != reflect.Slice || t.Elem().Kind() == reflect.String
}

// parseEnv reads a variable as a value of type t, or tells what was expected.
func parseEnv(text string, t reflect.Type) (value any, expected string) {
	if t == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(text)
		if err != nil {
			return nil, "a duration such as 90s or 5m"
		}
		return d, ""
	}
	switch t.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, "true or false"
		}
		return b, ""
	case reflect.Int:
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return nil, "a whole number"
		}
		return int(n), ""
	case reflect.Slice:
		list := []string{}
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		return list, ""
	}
	return text, ""
}

// configLeaves yields the path and type of every value of t that is in no list of sections.
func configLeaves(t reflect.Type, path string, yield func(path string, t reflect.Type)) {
	for i := range t.NumField() {
		f := t.Field(i)
		key := keyOf(f)
		if key == "" {
			continue
		}
		at := key
		if path != "" {
			at = path + "." + key
		}
		switch f.Type.Kind() {
		case reflect.Struct:
			configLeaves(f.Type, at, yield)
		default:
			yield(at, f.Type)
		}
	}
}
