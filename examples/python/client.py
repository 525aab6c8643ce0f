"""Asks for a quote 25 times a second, and tells which instance responded: client.py [TARGET [CALLS]]."""

import sys
import time

import grpc

import quotes_pb2
import quotes_pb2_grpc


def main(target="127.0.0.1:9090", calls="1"):
    succeeded = 0
    with grpc.insecure_channel(target) as channel:
        quotes = quotes_pb2_grpc.QuotesStub(channel)
        for _ in range(int(calls)):
            try:
                quote, call = quotes.GetQuote.with_call(quotes_pb2.GetQuoteRequest(topic="failure"), timeout=15)
                succeeded += 1
                print(f"{quote.author}, by {dict(call.initial_metadata()).get('middleware-instance')}", flush=True)
            except grpc.RpcError as failure:
                print(failure.code().name, failure.details(), flush=True)
            time.sleep(0.04)
    print(f"{succeeded} of {calls} calls succeeded")
    return 0 if succeeded == int(calls) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
