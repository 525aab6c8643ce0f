// Package registration does what the middleware needs of a server: an entry in Consul, a heartbeat, and that it leaves
// before it stops.
package registration

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"time"
)

const heartbeat = time.Second

// Instance is a server as Consul lists it.
type Instance struct {
	ID     string
	consul string
	meta   map[string]string
	entry  map[string]any
	http   http.Client
}

// New describes an instance of a service; grpcServices are full names, separated by commas.
func New(consul, name, grpcServices, address string, port int) *Instance {
	id := strings.NewReplacer(".", "-", ":", "-").Replace(fmt.Sprintf("%s-%s-%d", name, address, port))
	meta := map[string]string{"grpc-services-1": grpcServices}
	return &Instance{ID: id, consul: consul, meta: meta, http: http.Client{Timeout: 2 * time.Second}, entry: map[string]any{
		"Name":    name,
		"ID":      id,
		"Address": address,
		"Port":    port,
		"Tags":    []string{"middleware", "primary"},
		"Meta":    meta,
		"Check": map[string]string{
			"CheckID": "service:" + id,
			// critical after four seconds without a heartbeat, and forgotten after ten minutes
			"TTL":                            "4s",
			"DeregisterCriticalServiceAfter": "10m",
			// else it is critical until the first heartbeat
			"Status": "passing",
		},
	}}
}

// Tell adds to what gateways read of the instance; before Keep.
func (i *Instance) Tell(name, value string) { i.meta[name] = value }

// Keep registers, sends a heartbeat each second until the context ends, and deregisters.
func (i *Instance) Keep(until context.Context) {
	registered := false
	for until.Err() == nil {
		// a Consul that lost its data does not know the check
		registered = registered && i.put("/v1/agent/check/pass/service:"+i.ID, nil)
		if !registered {
			registered = i.put("/v1/agent/service/register", i.entry)
		}
		select {
		case <-until.Done():
		case <-time.After(heartbeat):
		}
	}
	i.put("/v1/agent/service/deregister/"+i.ID, nil)
}

// put says whether Consul agreed.
func (i *Instance) put(path string, body any) bool {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			log.Fatal(err)
		}
	}
	request, err := http.NewRequest(http.MethodPut, i.consul+path, &content)
	if err != nil {
		log.Fatal(err)
	}
	response, err := i.http.Do(request)
	if err != nil {
		log.Print(err)
		return false
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		reason, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
		log.Printf("Consul refused %s: %s", path, bytes.TrimSpace(reason))
		return false
	}
	return true
}
