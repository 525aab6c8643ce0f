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

/** Makes one call of any kind, and prints the answers as they come. */
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
        // fits unary methods as well: their stream has one answer
        print(ClientCalls.blockingV2ServerStreamingCall(channel, method.descriptor(), CallOptions.DEFAULT, request));
    }

    /**
     * Sends while the answers come in.
     *
     * @throws StatusException   if the call failed
     * @throws WrongUseException if a message is not what the method takes
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
                call.cancel("nobody reads the answers any more", null);
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
            // the reading side is told too
        } catch (InterruptedException | RuntimeException e) {
            call.cancel("no further message could be sent", e);
        }
    }
}
