package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// verify returns a post's body if who sent it knows the secret and did so within the last five minutes.
func verify(r *http.Request, secret string) ([]byte, error) {
	var at, signature string
	for part := range strings.SplitSeq(r.Header.Get("X-Plinth-Signature"), ",") {
		switch name, value, _ := strings.Cut(part, "="); name {
		case "t":
			at = value
		case "v1":
			signature = value
		}
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return nil, errors.New("not signed, or not now")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 16<<20))
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s.%s", at, body)
	if !hmac.Equal([]byte(signature), []byte(hex.EncodeToString(mac.Sum(nil)))) {
		return nil, errors.New("the signature is not of this secret and body")
	}
	return body, nil
}

// The page shows verify as it is here, so that what users copy is what these tests receive with.
func TestReceiverInTheDocumentation(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("receiver_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(source), "\n// verify ")
	function, _, _ := strings.Cut(rest, "\n}\n")
	page, err := os.ReadFile("../../docs/remote.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```go\n// verify "+function+"\n}\n```") {
		t.Error("docs/remote.md shows another verify")
	}
}
