import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;

/**
 * The streams that bench/protocols.sh measures a gateway with. {@code grpc PORT MESSAGES} and {@code ndjson PORT
 * MESSAGES} hold one conversation, of so many greetings and replies; {@code events PORT STREAMS} opens so many streams
 * of server-sent events, {@code idle PORT STREAMS} so many conversations by gRPC; both say "open" when each has had a
 * reply, and hold them until their input ends.
 */
final class Streams {

    private static final byte[] GREETING = "{\"message\":\"Hello\"}\n".getBytes(StandardCharsets.US_ASCII);
    private static final int TOGETHER = 500;
    private static final int STREAMS_OF_A_CONNECTION = 2500;

    private Streams() {
    }

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        int count = Integer.parseInt(args[2]);
        switch (args[0]) {
            case "grpc" -> converse(port, count);
            case "ndjson" -> converseInLines(port, count);
            case "events" -> holdEvents(port, count);
            case "idle" -> holdIdle(port, count);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void converse(int port, int messages) throws InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        Replies replies = new Replies(messages);
        HelloServiceGrpc.newStub(channel).converse(replies);
        replies.ended.await();
        channel.shutdownNow();
        if (replies.left != 0 || replies.failure != null) {
            throw new IllegalStateException(replies.left + " of " + messages + " replies did not come", replies.failure);
        }
    }

    /** Sends as fast as flow control lets it. */
    private static final class Replies implements ClientResponseObserver<HelloRequest, HelloReply> {
        private final HelloRequest greeting = HelloRequest.newBuilder().setMessage("Hello").build();
        private final CountDownLatch ended = new CountDownLatch(1);
        private int unsent;
        private int left;
        private Throwable failure;

        Replies(int messages) {
            unsent = messages;
            left = messages;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<HelloRequest> requests) {
            requests.setOnReadyHandler(() -> {
                while (requests.isReady() && unsent > 0) {
                    requests.onNext(greeting);
                    if (--unsent == 0) {
                        requests.onCompleted();
                    }
                }
            });
        }

        @Override
        public void onNext(HelloReply reply) {
            left--;
        }

        @Override
        public void onError(Throwable failure) {
            this.failure = failure;
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }

    private static void converseInLines(int port, int messages) throws Exception {
        try (Socket socket = conversation(port, "application/x-ndjson")) {
            OutputStream out = socket.getOutputStream();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    for (int unsent = messages; unsent > 0; unsent -= TOGETHER) {
                        chunk(out, Math.min(unsent, TOGETHER));
                    }
                    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    e.printStackTrace();
                }
            });
            int replies = 0;
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            for (int next = in.read(); next >= 0; next = in.read()) {
                // not the ends of lines: chunks may end between them
                if (next == '}') {
                    replies++;
                }
            }
            writer.join();
            if (replies != messages) {
                throw new IllegalStateException(replies + " of " + messages + " replies came");
            }
        }
    }

    private static void holdEvents(int port, int streams) throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            Socket socket = conversation(port, "text/event-stream");
            chunk(socket.getOutputStream(), 1);
            open.add(socket);
        }
        for (Socket socket : open) {
            readEvent(socket.getInputStream());
        }
        holdUntilInputEnds();
    }

    private static void holdUntilInputEnds() throws IOException {
        System.out.println("open");
        while (System.in.read() >= 0) {
            // holds what is open
        }
    }

    private static void holdIdle(int port, int streams) throws Exception {
        CountDownLatch unanswered = new CountDownLatch(streams);
        List<ManagedChannel> channels = new ArrayList<>();
        List<StreamObserver<HelloRequest>> open = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            if (i % STREAMS_OF_A_CONNECTION == 0) {
                channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
            }
            StreamObserver<HelloRequest> requests =
                    HelloServiceGrpc.newStub(channels.getLast()).converse(new FirstReply(unanswered));
            requests.onNext(HelloRequest.newBuilder().setMessage("Hello").build());
            open.add(requests);
        }
        if (!unanswered.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(unanswered.getCount() + " of " + streams + " streams had no reply");
        }
        holdUntilInputEnds();
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private record FirstReply(CountDownLatch unanswered) implements StreamObserver<HelloReply> {
        @Override
        public void onNext(HelloReply reply) {
            unanswered.countDown();
        }

        @Override
        public void onError(Throwable failure) {
            System.err.println(failure.getMessage());
        }

        @Override
        public void onCompleted() {
            // the server ends no conversation that goes on
        }
    }

    private static void readEvent(InputStream in) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf("World") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no event came: " + read);
            }
            read.append((char) next);
        }
    }

    private static Socket conversation(int port, String accept) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(("POST /hello/conversation HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n"
                + "Transfer-Encoding: chunked\r\nContent-Type: application/x-ndjson\r\nAccept: " + accept + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void chunk(OutputStream out, int greetings) throws IOException {
        byte[] size = (Integer.toHexString(greetings * GREETING.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = new byte[size.length + greetings * GREETING.length + 2];
        System.arraycopy(size, 0, chunk, 0, size.length);
        for (int i = 0; i < greetings; i++) {
            System.arraycopy(GREETING, 0, chunk, size.length + i * GREETING.length, GREETING.length);
        }
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        out.write(chunk);
    }
}
