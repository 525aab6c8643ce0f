import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;

/**
 * What bench/large measures a gateway with: a registry that speaks as much of Consul's API as a gateway reads, all the instances it
 * lists, and a load. {@code HTTP-PORT GRPC-PORT INSTANCES SERVICES}: one service of so many instances, whose addresses are all this
 * process's (127.0.0.0/8), and so many services of three. Obeys lines of its input, and answers each by a line:
 *
 * <pre>
 * load PORT RATE SECONDS CHANGES    calls the gateway, while the registry changes so often a second: what became of them
 * force PORT TIMES                  the time until a change of the large service is in force: median and most
 * stats                             connections and queries
 * </pre>
 */
final class Large {
    private static final String BIG = "hello-service";
    private static final int NODES = 100;
    private static final int SEED = 20;

    private final int grpcPort;
    private final Random random = new Random(SEED);
    private final Map<String, Map<Integer, Entry>> services = new ConcurrentSkipListMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong reflections = new AtomicLong();
    private final AtomicLong queries = new AtomicLong();
    private final AtomicLong queryBytes = new AtomicLong();
    private final Map<String, Long> indexOf = new ConcurrentSkipListMap<>();
    private long index = 10;

    /** An element of Consul's list. */
    private record Entry(boolean passing, String grpcServices, long created, long modified, byte[] json) {
    }

    private Large(int grpcPort) {
        this.grpcPort = grpcPort;
    }

    public static void main(String[] args) throws Exception {
        Large large = new Large(Integer.parseInt(args[1]));
        large.fill(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        large.serve(Integer.parseInt(args[0]));
        large.obey();
    }

    // the registry

    private void fill(int instances, int small) {
        for (int i = 0; i < instances; i++) {
            put(BIG, i, true, "hello.v1.HelloService", 1);
        }
        for (int s = 0; s < small; s++) {
            for (int i = 0; i < 3; i++) {
                put("small-" + s, i, true, "small" + s + ".v1.Small", 1);
            }
        }
    }

    private synchronized void put(String service, int number, boolean passing, String grpcServices, long created) {
        index++;
        services.computeIfAbsent(service, name -> new ConcurrentSkipListMap<>())
                .put(number, entry(service, number, passing, grpcServices, created, index));
        indexOf.put(service, index);
        notifyAll();
    }

    private Entry entry(String service, int number, boolean passing, String grpcServices, long created, long modified) {
        int place = service.equals(BIG) ? number : 100_000 + 3 * Integer.parseInt(service.substring(6)) + number;
        String address = "127." + (1 + place / 62_500) + "." + place / 250 % 250 + "." + (1 + place % 250);
        String node = "node-" + place % NODES;
        String check = """
                {"Node":"%s","CheckID":"%s","Name":"%s","Status":"%s","Notes":"","Output":"%s","ServiceID":"%s","ServiceName":"%s",\
                "ServiceTags":["middleware","primary"],"Type":"ttl","Interval":"","Timeout":"","ExposedPort":0,"Definition":{},\
                "CreateIndex":%d,"ModifyIndex":%d}""";
        String json = """
                {"Node":{"ID":"6b3e1c4a-0000-0000-0000-%012d","Node":"%s","Address":"10.0.0.%d","Datacenter":"dc1",\
                "TaggedAddresses":{"lan":"10.0.0.1","wan":"10.0.0.1"},"Meta":{"consul-network-segment":""},"CreateIndex":5,\
                "ModifyIndex":6},"Service":{"ID":"%s-%d","Service":"%s","Tags":["middleware","primary"],"Address":"%s","Meta":\
                {"grpc-services-1":"%s"},"Port":%d,"Weights":{"Passing":1,"Warning":1},"EnableTagOverride":false,"Proxy":\
                {"Mode":"","MeshGateway":{},"Expose":{}},"Connect":{},"PeerName":"","CreateIndex":%d,"ModifyIndex":%d},"Checks":[%s,%s]}"""
                .formatted(
                        place % NODES,
                        node,
                        place % NODES,
                        service,
                        number,
                        service,
                        address,
                        grpcServices,
                        grpcPort,
                        created,
                        created,
                        check.formatted(node, "serfHealth", "Serf Health Status", "passing", "Agent alive and reachable", "", "", 5, 5),
                        check.formatted(
                                node,
                                "service:" + service + "-" + number,
                                "Service check",
                                passing ? "passing" : "critical",
                                "beat",
                                service + "-" + number,
                                service,
                                created,
                                modified));
        return new Entry(passing, grpcServices, created, modified, json.getBytes(StandardCharsets.UTF_8));
    }

    /** A heartbeat that fails or is back, or an instance that restarts: one that was there is registered anew. */
    private synchronized void change(String service, int number) {
        Entry before = services.get(service).get(number);
        if (before == null) {
            return;
        }
        boolean restarts = random.nextBoolean();
        put(service, number, restarts || !before.passing, before.grpcServices, restarts ? index + 1 : before.created);
    }

    private void serve(int httpPort) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress("127.0.0.1", httpPort), 1_000);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::answer);
        http.start();
        NettyServerBuilder.forPort(grpcPort)
                .addService(new Hello())
                .addService(ProtoReflectionServiceV1.newInstance())
                .fallbackHandlerRegistry(new Anything())
                .intercept(new io.grpc.ServerInterceptor() {
                    @Override
                    public <Q, A> io.grpc.ServerCall.Listener<Q> interceptCall(
                            io.grpc.ServerCall<Q, A> call,
                            io.grpc.Metadata headers,
                            io.grpc.ServerCallHandler<Q, A> next) {
                        if (call.getMethodDescriptor().getFullMethodName().startsWith("grpc.reflection")) {
                            reflections.incrementAndGet();
                        }
                        return next.startCall(call, headers);
                    }
                })
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes attributes) {
                        accepted.incrementAndGet();
                        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                        return attributes;
                    }

                    @Override
                    public void transportTerminated(Attributes attributes) {
                        open.decrementAndGet();
                    }
                })
                .build()
                .start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Map<String, String> query = new LinkedHashMap<>();
            String text = exchange.getRequestURI().getQuery();
            for (String part : text == null ? new String[0] : text.split("&")) {
                query.put(part.split("=")[0], part.contains("=") ? part.split("=")[1] : "");
            }
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            long known = Long.parseLong(query.getOrDefault("index", "0"));
            long wait = Long.parseLong(query.getOrDefault("wait", "10000ms").replace("ms", ""));
            List<byte[]> body = new ArrayList<>();
            if (path.equals("/v1/catalog/services")) {
                long at = await("", known, wait);
                StringBuilder names = new StringBuilder("{\"consul\":[]");
                services.keySet().forEach(name -> names.append(",\"").append(name).append("\":[\"middleware\"]"));
                body.add(names.append('}').toString().getBytes(StandardCharsets.UTF_8));
                exchange.getResponseHeaders().set("X-Consul-Index", Long.toString(at));
            } else if (path.startsWith("/v1/health/service/")) {
                String service = path.substring("/v1/health/service/".length());
                long at = await(service, known, wait);
                queries.incrementAndGet();
                byte[] between = {'['};
                for (Entry entry : services.getOrDefault(service, Map.of()).values()) {
                    body.add(between);
                    body.add(entry.json);
                    between = new byte[] {','};
                }
                body.add(body.isEmpty() ? new byte[] {'[', ']'} : new byte[] {']'});
                exchange.getResponseHeaders().set("X-Consul-Index", Long.toString(at));
            } else {
                body.add("{}".getBytes(StandardCharsets.UTF_8));
            }
            long length = body.stream().mapToLong(part -> part.length).sum();
            queryBytes.addAndGet(length);
            exchange.sendResponseHeaders(200, length);
            try (OutputStream out = new java.io.BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
                for (byte[] part : body) {
                    out.write(part);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized long await(String service, long known, long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = millis;
        while (known > 0 && indexOf(service) <= known && left > 0) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
        return Math.max(known, indexOf(service));
    }

    /** The catalogue never changes: no service comes or goes. */
    private long indexOf(String service) {
        return service.isEmpty() ? 9 : indexOf.getOrDefault(service, 9L);
    }

    // the instances

    private static final class Hello extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
            replies.onNext(HelloReply.getDefaultInstance());
            replies.onCompleted();
        }
    }

    private static final class Anything extends HandlerRegistry {
        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
            return name.startsWith("small")
                    ? ServerMethodDefinition.create(method(name), ServerCalls.asyncUnaryCall((request, replies) -> {
                        replies.onNext(request);
                        replies.onCompleted();
                    }))
                    : null;
        }
    }

    private static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setType(MethodType.UNARY)
                .setFullMethodName(name)
                .build();
    }

    private static final class Bytes implements Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new java.io.ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    // what is measured

    private void obey() throws Exception {
        System.out.println("ready");
        for (String line; (line = readLine()) != null;) {
            String[] words = line.split(" ");
            System.out.println(switch (words[0]) {
                case "load" -> load(number(words[1]), number(words[2]), number(words[3]), number(words[4]));
                case "force" -> force(number(words[1]), number(words[2]));
                case "stats" -> "connections open %d, most %d, accepted %d; reflections %d; queries %d, %d MB"
                        .formatted(open.get(), mostOpen.get(), accepted.get(), reflections.get(), queries.get(), queryBytes.get() >> 20);
                default -> "expected: load, force or stats";
            });
        }
    }

    private static String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c; (c = System.in.read()) >= 0 && c != '\n';) {
            line.append((char) c);
        }
        return line.isEmpty() ? null : line.toString();
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    private String load(int port, int rate, int seconds, int changes) throws InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        ScheduledExecutorService changing = Executors.newSingleThreadScheduledExecutor();
        if (changes > 0) {
            int big = services.getOrDefault(BIG, Map.of()).size();
            changing.scheduleAtFixedRate(
                    () -> {
                        int small = services.size() - (big > 0 ? 1 : 0);
                        if (big > 0 && (small == 0 || random.nextBoolean())) {
                            change(BIG, random.nextInt(big));
                        } else {
                            change("small-" + random.nextInt(small), random.nextInt(3));
                        }
                    },
                    0,
                    1_000_000_000L / changes,
                    TimeUnit.NANOSECONDS);
        }
        boolean big = services.containsKey(BIG);
        long[] took = new long[rate * seconds];
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        Map<String, Integer> why = new ConcurrentSkipListMap<>();
        long start = System.nanoTime();
        for (int i = 0; i < took.length; i++) {
            int call = i;
            long due = start + i * 1_000_000_000L / rate;
            LockSupport.parkNanos(due - System.nanoTime());
            MethodDescriptor<byte[], byte[]> method =
                    method(big ? "hello.v1.HelloService/SayHello" : "small" + i % services.size() + ".v1.Small/Say");
            ClientCalls.asyncUnaryCall(
                    channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS)),
                    new byte[0],
                    new StreamObserver<byte[]>() {
                        @Override
                        public void onNext(byte[] reply) {
                        }

                        @Override
                        public void onError(Throwable failure) {
                            lost.incrementAndGet();
                            why.merge(Status.fromThrowable(failure).getCode().name(), 1, Integer::sum);
                            end();
                        }

                        @Override
                        public void onCompleted() {
                            end();
                        }

                        private void end() {
                            took[call] = System.nanoTime() - due;
                            ended.incrementAndGet();
                        }
                    });
        }
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (ended.get() < took.length && System.nanoTime() < limit) {
            Thread.sleep(10);
        }
        changing.shutdownNow();
        channel.shutdownNow();
        Arrays.sort(took);
        return "lost %d of %d %s; p50 %.1f ms, p99 %.1f ms, most %.0f ms"
                .formatted(
                        lost.get() + took.length - ended.get(),
                        took.length,
                        why,
                        took[took.length / 2] / 1e6,
                        took[took.length * 99 / 100] / 1e6,
                        took[took.length - 1] / 1e6);
    }

    /** One instance lists one more gRPC service: in force when a call to that reaches it. */
    private String force(int port, int times) throws InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        String service = services.containsKey(BIG) ? BIG : "small-0";
        String usual = services.get(service).get(0).grpcServices;
        double[] took = new double[times];
        for (int i = 0; i < times; i++) {
            String added = "small.v" + i + ".New" + System.nanoTime() % 1_000_000;
            Thread.sleep(500);
            long start = System.nanoTime();
            put(service, 0, true, usual + "," + added, 1);
            while (!reached(channel, added) && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30)) {
                Thread.sleep(1);
            }
            took[i] = (System.nanoTime() - start) / 1e6;
        }
        put(service, 0, true, usual, 1);
        channel.shutdownNow();
        Arrays.sort(took);
        return "a change in force after %.0f ms, at most %.0f ms".formatted(took[times / 2], took[times - 1]);
    }

    private static boolean reached(ManagedChannel channel, String service) {
        try {
            ClientCalls.blockingUnaryCall(
                    channel,
                    method(service + "/Any"),
                    CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS),
                    new byte[0]);
            return true;
        } catch (StatusRuntimeException notYet) {
            return false;
        }
    }
}
