package io.middleware.chaos.matrix;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.middleware.chaos.measure.Doubt;
import io.middleware.chaos.measure.Window;
import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Stack;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.ListRequest;
import io.middleware.load.CallRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What happened to the calls that change something, by the guestbook of all servers, or by theirs.
 *
 * @param calls      signatures sent
 * @param lost       those that got an error
 * @param mayHaveRun of the lost, those whose error says that the call may have run
 * @param unreported of the lost, those that ran although their error does not say so; calls past their deadline do not
 *                   count
 * @param ranTwice   those that are in the guestbooks more than once
 * @param missing    those that succeeded but are in no guestbook
 */
record Signatures(int calls, int lost, int mayHaveRun, int unreported, int ranTwice, int missing) {

    private static final int MOST = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** {@code signed}: calls with a key, or calls without one. */
    static Signatures of(Window signed, Map<String, Integer> runs) {
        Window lost = signed.lost();
        int twice = 0;
        int missing = 0;
        int unreported = 0;
        for (CallRecord call : signed.calls()) {
            int times = runs.getOrDefault(call.callId(), 0);
            if (times > 1) {
                twice++;
            } else if (times == 0 && call.reply().ok()) {
                missing++;
            }
            if (times > 0 && !call.reply().ok() && !saysThatItMayHaveRun(call) && !isOverdue(call)) {
                unreported++;
            }
        }
        int mayHaveRun = (int)
                lost.calls().stream().filter(Signatures::saysThatItMayHaveRun).count();
        return new Signatures(signed.count(), lost.count(), mayHaveRun, unreported, twice, missing);
    }

    private static boolean saysThatItMayHaveRun(CallRecord call) {
        String error = call.reply().error();
        // a server that shuts down cancels its calls
        return (error.startsWith("UNAVAILABLE: ")
                        || error.startsWith("DEADLINE_EXCEEDED: ")
                        || error.startsWith("CANCELLED: "))
                && Doubt.isToldBy(error);
    }

    private static boolean isOverdue(CallRecord call) {
        return call.reply().error().startsWith("DEADLINE_EXCEEDED: ");
    }

    /**
     * Reads the guestbooks of the servers, and counts how often each call id ran.
     *
     * @throws Stack.StackException if a guestbook could not be read
     */
    static Map<String, Integer> readGuestbooks(List<Part> servers) {
        Map<String, Integer> times = new HashMap<>();
        for (Part server : servers) {
            ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                            server.host(),
                            Objects.requireNonNull(server.ports().get("grpc")),
                            InsecureChannelCredentials.create())
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
                        "the guestbook of " + server.name() + " could not be read: " + failed.getMessage());
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
