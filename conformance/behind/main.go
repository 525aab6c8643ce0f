// Command behind is what the conformance programs take for the server under test: a real server of theirs, behind a running stack.
//
//	behind connect STATUS                       as the runner connectconformance starts it: the suite's own reference server
//	behind register STATUS PORT SERVICE...      a server that runs already; prints "ready", and deregisters when it is ended
//
// STATUS is a file with what `./stack status --json` printed.
package main

import (
	"fmt"
	"log"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 3 {
		log.Fatal("behind connect STATUS | behind register STATUS PORT SERVICE...")
	}
	stack, err := readStack(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	switch os.Args[1] {
	case "connect":
		err = serveConnect(stack, os.Stdin, os.Stdout)
	case "register":
		err = register(stack, os.Args[3], os.Args[4:])
	default:
		err = fmt.Errorf("unknown: %s", os.Args[1])
	}
	if err != nil {
		log.Fatal(err)
	}
}

func register(stack *stack, port string, services []string) error {
	number, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	instance := newInstance(stack, "interop", strings.Join(services, ","), number)
	if err := instance.register(); err != nil {
		return err
	}
	defer instance.deregister()
	fmt.Println("ready")
	awaitSignal()
	return nil
}

func awaitSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	<-signals
}
