package io.middleware.chaos.matrix;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.middleware.chaos.measure.Window;
import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Stack;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.ListRequest;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What became of the calls that may not be repeated, by the books that the servers keep.
 *
 * @param calls    signatures asked for
 * @param lost     not answered
 * @param mayHaveRun of the lost, those whose caller was told that it may have run
 * @param untold   of the lost, those that ran, but not past their caller's own deadline, and nobody told it that they may have
 * @param ranTwice in the books more than once
 * @param missing  answered, but in no book
 */
record Signatures(int calls, int lost, int mayHaveRun, int untold, int ranTwice, int missing) {

    private static final int MOST = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static Signatures of(Window window, Map<String, Integer> books) {
        Window signed = window.ofKind(Kind.SIGN);
        Window lost = signed.lost();
        int twice = 0;
        int missing = 0;
        int untold = 0;
        for (CallRecord call : signed.calls()) {
            int times = books.getOrDefault(call.callId(), 0);
            if (times > 1) {
                twice++;
            } else if (times == 0 && call.reply().ok()) {
                missing++;
            }
            if (times > 0 && !call.reply().ok() && !tellsThatItMayHaveRun(call) && !isOverdue(call)) {
                untold++;
            }
        }
        int mayHaveRun = (int)
                lost.calls().stream().filter(Signatures::tellsThatItMayHaveRun).count();
        return new Signatures(signed.count(), lost.count(), mayHaveRun, untold, twice, missing);
    }

    private static boolean tellsThatItMayHaveRun(CallRecord call) {
        String error = call.reply().error();
        // a server that is being shut down cancels what it has
        return (error.startsWith("UNAVAILABLE: ")
                        || error.startsWith("DEADLINE_EXCEEDED: ")
                        || error.startsWith("CANCELLED: "))
                && error.contains("may have run");
    }

    private static boolean isOverdue(CallRecord call) {
        return call.reply().error().startsWith("DEADLINE_EXCEEDED: ");
    }

    /**
     * How often each call id is in the books of the servers.
     *
     * @throws Stack.StackException if a server does not show its book
     */
    static Map<String, Integer> books(List<Part> servers) {
        Map<String, Integer> times = new HashMap<>();
        for (Part server : servers) {
            ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                            server.host(), server.ports().get("grpc"), InsecureChannelCredentials.create())
                    .build();
            try {
                GuestbookGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(PATIENCE)
                        .withWaitForReady()
                        .list(ListRequest.newBuilder().setMost(MOST).build())
                        .getSignaturesList()
                        .forEach(signature -> times.merge(signature.getCallId(), 1, Integer::sum));
            } catch (StatusRuntimeException failed) {
                throw new Stack.StackException(
                        "the book of " + server.name() + " could not be read: " + failed.getMessage());
            } finally {
                channel.shutdownNow();
                await(channel);
            }
        }
        return times;
    }

    private static void await(ManagedChannel channel) {
        try {
            channel.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
