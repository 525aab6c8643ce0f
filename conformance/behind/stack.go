package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

const patience = 30 * time.Second

// A stack that runs, as its status says.
type stack struct {
	HTTP   string
	GRPC   string
	Consul string
	Mode   string
	Parts  []struct {
		Kind  string
		Ports map[string]int
	}
}

func readStack(file string) (*stack, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var read stack
	if err := json.Unmarshal(content, &read); err != nil {
		return nil, err
	}
	if read.Mode != "local" {
		return nil, fmt.Errorf("expected a stack of processes (./stack up --local), not %q", read.Mode)
	}
	return &read, nil
}

// An instance of a service, as Consul and the gateways know it.
type instance struct {
	stack *stack
	id    string
	entry map[string]any
}

func newInstance(stack *stack, name, services string, port int) *instance {
	id := fmt.Sprintf("%s-%d", name, port)
	return &instance{stack: stack, id: id, entry: map[string]any{
		"Name":    name,
		"ID":      id,
		"Address": "127.0.0.1",
		"Port":    port,
		"Tags":    []string{"middleware", "primary"},
		"Meta":    map[string]string{"grpc-services-1": services},
		"Check": map[string]string{
			"TCP":                            net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
			"Interval":                       "1s",
			"DeregisterCriticalServiceAfter": "1m",
			"Status":                         "passing",
		},
	}}
}

// register returns when each gateway has this instance, and no other one of its service: those that an interrupted run left are removed.
func (i *instance) register() error {
	left, err := i.stack.instancesOf(i.entry["Name"].(string))
	if err != nil {
		return err
	}
	for _, id := range left {
		_ = i.put("/v1/agent/service/deregister/"+id, nil)
	}
	if err := i.put("/v1/agent/service/register", i.entry); err != nil {
		return err
	}
	for _, part := range i.stack.Parts {
		if part.Kind != "gateway" {
			continue
		}
		url := fmt.Sprintf("http://127.0.0.1:%d/actuator/instances", part.Ports["management"])
		for limit := time.Now().Add(patience); !i.isKnownAt(url); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(limit) {
				return fmt.Errorf("%s does not have %s as its only instance after %v", url, i.id, patience)
			}
		}
	}
	return nil
}

func (s *stack) instancesOf(service string) ([]string, error) {
	response, err := http.Get(s.Consul + "/v1/catalog/service/" + service)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var entries []struct{ ServiceID string }
	if err := json.NewDecoder(response.Body).Decode(&entries); err != nil {
		return nil, err
	}
	var ids []string
	for _, each := range entries {
		ids = append(ids, each.ServiceID)
	}
	return ids, nil
}

func (i *instance) isKnownAt(url string) bool {
	response, err := http.Get(url)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	var known struct {
		Instances []struct {
			ID, Service, Standing string
		}
	}
	if json.NewDecoder(response.Body).Decode(&known) != nil {
		return false
	}
	found := 0
	for _, each := range known.Instances {
		if each.Service == i.entry["Name"] {
			if each.ID != i.id || each.Standing != "passing" {
				return false
			}
			found++
		}
	}
	return found == 1
}

func (i *instance) deregister() {
	_ = i.put("/v1/agent/service/deregister/"+i.id, nil)
}

func (i *instance) put(path string, body any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPut, i.stack.Consul+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("Consul: %s", response.Status)
	}
	return nil
}
