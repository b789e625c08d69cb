package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/go-viper/mapstructure/v2"
	"github.com/goccy/go-yaml"
	"github.com/spf13/viper"

	"percolate/mapping"
)

// maxConfig bounds what is read as a configuration; a real one has some kilobytes.
const maxConfig = 256 << 10

var errNoConfig = errors.New("there is no such configuration; name one with --config, or try the example: percolate sync --config config.example.yaml")

// loadConfig reads the configuration at path, overridden by the environment. A
// [configError] tells everything that is wrong with it at once.
func loadConfig(path string, env func(string) (string, bool)) (*config, error) {
	src, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, errNoConfig)
	}
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return parseConfig(path, src, env)
}

// parseConfig reads the configuration src of the file called path.
func parseConfig(path string, src []byte, env func(string) (string, bool)) (*config, error) {
	o := &origins{file: path, lines: map[string]int{}, env: map[string]string{}}
	if len(src) > maxConfig {
		return nil, configError{o.fault("", "%d bytes are too many for a configuration", len(src))}
	}
	faults := checkShape(src, o)
	if len(faults) == 1 && faults[0].path == "" {
		return nil, faults // not one YAML document, so there is nothing to decode
	}
	overrides, wrong := readEnv(o, env)
	faults = append(faults, wrong...)

	c := defaults()
	c.file = path
	if err := decodeConfig(src, overrides, &c); err != nil {
		if len(faults) == 0 { // else the decoder stumbles over what is told already
			faults = append(faults, o.fault("", "%v", err))
		}
		return nil, faults.sorted()
	}
	if faults = append(faults, c.validate(o)...); len(faults) > 0 {
		return nil, faults.sorted()
	}
	return &c, nil
}

// keyDelimiter cannot stand in a key of ours; viper's own, the dot, would split file names.
const keyDelimiter = "::"

// decodeConfig lays the file and the overrides over what c holds.
func decodeConfig(src []byte, overrides map[string]any, c *config) error {
	codecs := viper.NewCodecRegistry()
	if err := codecs.RegisterCodec("yaml", goccy{}); err != nil {
		return err
	}
	v := viper.NewWithOptions(viper.KeyDelimiter(keyDelimiter), viper.WithCodecRegistry(codecs))
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(src)); err != nil {
		return err
	}
	for key, value := range overrides {
		v.Set(key, value)
	}
	if err := v.Unmarshal(c, strictly); err != nil {
		return err
	}
	for i := range c.Trackers {
		if err := c.Trackers[i].decodeSection(); err != nil {
			return err
		}
	}
	return nil
}

// strictly replaces lists as a whole, where the decoder would lay them over the
// default ones entry by entry.
func strictly(d *mapstructure.DecoderConfig) {
	d.TagName = "yaml"
	d.ZeroFields = true
	d.DecodeHook = mapstructure.StringToTimeDurationHookFunc()
	d.MatchName = func(key, field string) bool { return key == field }
}

func (t *trackerConfig) decodeSection() error {
	t.DefaultAccount = cmp.Or(t.DefaultAccount, mapping.AccountName)
	if t.Section = trackerSection(t.Type); t.Section == nil {
		return nil // told by validate
	}
	dc := &mapstructure.DecoderConfig{Result: t.Section, WeaklyTypedInput: true}
	strictly(dc)
	d, err := mapstructure.NewDecoder(dc)
	if err != nil {
		return err
	}
	return d.Decode(t.Rest)
}

// goccy lets viper read YAML with the parser that also tells lines, so that both
// agree on what a value is.
type goccy struct{}

func (goccy) Encode(v map[string]any) ([]byte, error) { return yaml.Marshal(v) }

func (goccy) Decode(b []byte, v map[string]any) error {
	var read map[string]any
	if err := yaml.Unmarshal(b, &read); err != nil {
		return err
	}
	for key, value := range read {
		v[key] = value
	}
	return nil
}

// syntaxFault is a YAML error at its line.
func syntaxFault(file string, err error) configFault {
	f := configFault{where: file, line: 1, text: err.Error()}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		f.text = syntax.GetMessage()
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			f.line = max(t.Position.Line, 1)
		}
	}
	return f
}
