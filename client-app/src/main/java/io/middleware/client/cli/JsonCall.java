package io.middleware.client.cli;

import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.stream.Stream;

/** Makes one call of any kind, and prints responses as they arrive. */
final class JsonCall {

    private final JsonMethod method;
    private final PrintWriter out;
    private final Channel channel;

    JsonCall(JsonMethod method, PrintWriter out, Channel channel) {
        this.method = method;
        this.out = out;
        this.channel = channel;
    }

    /** @throws StatusException if the call failed */
    void run(DynamicMessage request) throws StatusException, InterruptedException {
        // also for unary methods: their stream has one response
        print(ClientCalls.blockingV2ServerStreamingCall(channel, method.descriptor(), CallOptions.DEFAULT, request));
    }

    /**
     * Sends requests while responses arrive.
     *
     * @throws StatusException   if the call failed
     * @throws WrongUseException if a message does not fit the method
     */
    void run(Stream<DynamicMessage> requests) throws StatusException, InterruptedException {
        var call = ClientCalls.blockingBidiStreamingCall(channel, method.descriptor(), CallOptions.DEFAULT);
        Thread.startVirtualThread(() -> send(call, requests.iterator()));
        try {
            print(call);
        } catch (StatusException e) {
            if (e.getStatus().getCause() instanceof WrongUseException badMessage) {
                throw badMessage;
            }
            throw e;
        }
    }

    private void print(BlockingClientCall<?, DynamicMessage> call) throws StatusException, InterruptedException {
        while (call.hasNext()) {
            out.println(method.print(call.read()));
            if (out.checkError()) {
                call.cancel("the responses are no longer read", null);
                return;
            }
        }
    }

    private static void send(
            BlockingClientCall<DynamicMessage, DynamicMessage> call, Iterator<DynamicMessage> requests) {
        try {
            boolean open = true;
            while (open && requests.hasNext()) {
                open = call.write(requests.next());
            }
            if (open) {
                call.halfClose();
            }
        } catch (StatusException e) {
            // the reading side gets it too
        } catch (InterruptedException | RuntimeException e) {
            call.cancel("no further message could be sent", e);
        }
    }
}
