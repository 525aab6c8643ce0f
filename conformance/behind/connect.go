package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"
	_ "unsafe" // for go:linkname

	"connectrpc.com/conformance/internal"
	_ "connectrpc.com/conformance/internal/app/referenceserver"
	conformancev1 "connectrpc.com/conformance/internal/gen/proto/go/connectrpc/conformance/v1"
	"connectrpc.com/conformance/internal/tracer"
	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
)

// serveConnect starts the suite's reference server for gRPC, with the message limit that the runner asks for, and tells the runner
// where Nginx is.
func serveConnect(stack *stack, in io.Reader, out io.Writer) error {
	asked := &conformancev1.ServerCompatRequest{}
	if err := read(in, asked); err != nil {
		return err
	}
	port, err := startReferenceServer(&conformancev1.ServerCompatRequest{
		Protocol:            conformancev1.Protocol_PROTOCOL_GRPC,
		HttpVersion:         conformancev1.HTTPVersion_HTTP_VERSION_2,
		MessageReceiveLimit: asked.GetMessageReceiveLimit(),
	})
	if err != nil {
		return err
	}
	service := conformancev1.ConformanceService_ServiceDesc.ServiceName
	instance := newInstance(stack, "conformance", service, port)
	if err := instance.register(); err != nil {
		return err
	}
	defer instance.deregister()
	if err := awaitDescriptors(stack, service); err != nil {
		return err
	}
	// since Nginx 1.25.1 both addresses would do
	address := strings.TrimPrefix(stack.HTTP, "http://")
	if asked.GetHttpVersion() == conformancev1.HTTPVersion_HTTP_VERSION_2 {
		address = stack.GRPC
	}
	host, nginxPort, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(nginxPort)
	if err != nil {
		return err
	}
	answer := &conformancev1.ServerCompatResponse{Host: host, Port: uint32(number)}
	if err := write(out, answer); err != nil {
		return err
	}
	awaitSignal()
	return nil
}

// awaitDescriptors returns when JSON can be called, for which gateways need the service's descriptors.
func awaitDescriptors(stack *stack, service string) error {
	for limit := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		missing := 0
		for _, part := range stack.Parts {
			if part.Kind != "gateway" {
				continue
			}
			address := fmt.Sprintf("http://127.0.0.1:%d/%s/Unimplemented", part.Ports["http"], service)
			response, err := http.Post(address, "application/json", strings.NewReader("{}"))
			if err != nil {
				return err
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusNotImplemented {
				missing++
			}
		}
		if missing == 0 {
			return nil
		}
		if time.Now().After(limit) {
			return fmt.Errorf("%d gateways cannot call %s by JSON after %v", missing, service, patience)
		}
	}
}

// createServer is the suite's own, which it does not export. It makes the handlers of the reference server.
//
//go:linkname createServer connectrpc.com/conformance/internal/app/referenceserver.createServer
func createServer(
	request *conformancev1.ServerCompatRequest, address, certificate, key string, asReference bool, errors internal.Printer,
	trace *tracer.Tracer,
) (referenceServer, []byte, error)

type referenceServer interface {
	Serve() error
	GracefulShutdown(period time.Duration) error
	Addr() string
}

// startReferenceServer returns its port. It also answers reflection, which the suite's server does not do.
func startReferenceServer(request *conformancev1.ServerCompatRequest) (int, error) {
	created, _, err := createServer(request, "127.0.0.1:0", "", "", false, internal.NewPrinter(os.Stderr), nil)
	if err != nil {
		return 0, err
	}
	calls := (*http.Server)(reflect.ValueOf(created).Elem().FieldByName("svr").UnsafePointer()).Handler
	described := grpc.NewServer()
	reflectionv1.RegisterServerReflectionServer(described, reflection.NewServerV1(reflection.ServerOptions{Services: only{}}))
	mux := http.NewServeMux()
	mux.Handle("/grpc.reflection.v1.ServerReflection/", described)
	mux.Handle("/", calls)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	go func() { _ = (&http.Server{Protocols: http2(), Handler: mux}).Serve(listener) }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func http2() *http.Protocols {
	only := &http.Protocols{}
	only.SetUnencryptedHTTP2(true)
	return only
}

// only the suite's service is listed.
type only struct{}

func (only) GetServiceInfo() map[string]grpc.ServiceInfo {
	return map[string]grpc.ServiceInfo{conformancev1.ConformanceService_ServiceDesc.ServiceName: {}}
}

func read(from io.Reader, message proto.Message) error {
	var length [4]byte
	if _, err := io.ReadFull(from, length[:]); err != nil {
		return err
	}
	content := make([]byte, binary.BigEndian.Uint32(length[:]))
	if _, err := io.ReadFull(from, content); err != nil {
		return err
	}
	return proto.Unmarshal(content, message)
}

func write(to io.Writer, message proto.Message) error {
	content, err := proto.Marshal(message)
	if err != nil {
		return err
	}
	_, err = to.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(content))), content...))
	return err
}
