package main

import (
	"bytes"
	"testing"
)

func TestDeny(t *testing.T) {
	question := []byte("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x02no\x04test\x00\x00\x01\x00\x01")
	option := []byte("\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00")
	denied := []byte("\x12\x34\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00\x02no\x04test\x00\x00\x01\x00\x01")

	for name, test := range map[string]struct{ message, want []byte }{
		"a question with an option":       {append(bytes.Clone(question), option...), denied},
		"an answer, lest two of us go on": {denied, nil},
		"a message cut short":             {question[:len(question)-3], nil},
		"a label beyond the end":          {[]byte("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x3fno"), nil},
		"no header":                       {[]byte("\x12"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := deny(bytes.Clone(test.message)); !bytes.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
