"""A gRPC server that the middleware finds in Consul: server.py [--address ADDRESS] [--port PORT] [--consul URL]."""

import argparse
import signal
import threading
from concurrent import futures

import grpc
from grpc_reflection.v1alpha import reflection

import quotes_pb2
import quotes_pb2_grpc
from registration import Registration

QUOTES = {
    "failure": ("A distributed system is one in which the failure of a computer you didn't even know existed "
                "can render your own computer unusable.", "Leslie Lamport"),
    "simplicity": ("Simplicity is prerequisite for reliability.", "Edsger W. Dijkstra"),
}


class Quotes(quotes_pb2_grpc.QuotesServicer):

    def GetQuote(self, request, context):
        if request.topic not in QUOTES:
            context.abort(grpc.StatusCode.NOT_FOUND, f"no quote about {request.topic}")
        text, author = QUOTES[request.topic]
        return quotes_pb2.GetQuoteResponse(text=text, author=author)


def start(address, port):
    """Returns the server and the port that it listens on."""
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16),
        # else a port in use would be shared with whoever has it
        options=[("grpc.so_reuseport", 0)])
    quotes_pb2_grpc.add_QuotesServicer_to_server(Quotes(), server)
    # the middleware translates JSON by what reflection tells it
    reflection.enable_server_reflection(["quotes.v1.Quotes", reflection.SERVICE_NAME], server)
    port = server.add_insecure_port(f"{address}:{port}")
    server.start()
    return server, port


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--address", default="127.0.0.1",
                         help="to listen on and be called at; gateways in containers need the machine's own")
    options.add_argument("--port", type=int, default=0, help="0: any that is free")
    options.add_argument("--consul", default="http://127.0.0.1:8500")
    options = options.parse_args()

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())

    server, port = start(options.address, options.port)
    registration = Registration(options.consul, "quotes", ["quotes.v1.Quotes"], options.address, port)
    print(f"{registration.id} serves quotes.v1.Quotes", flush=True)
    registration.keep(until=ended)
    # it has left Consul: calls on their way still come for a moment
    threading.Event().wait(0.5)
    server.stop(grace=5).wait()


if __name__ == "__main__":
    main()
