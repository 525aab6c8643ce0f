package io.middleware.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.RawHttp2Peer;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.WebCaller;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.serve.HttpGateway;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.GetBookRequest;
import io.middleware.gateway.security.identity.ApiKeys;
import io.middleware.gateway.security.identity.Identities;
import io.middleware.gateway.security.jwt.ClaimCheck;
import io.middleware.gateway.security.jwt.KeyFetch;
import io.middleware.gateway.security.jwt.KeySource;
import io.middleware.gateway.security.jwt.TokenVerifier;
import io.middleware.gateway.security.rules.Admission;
import io.middleware.gateway.security.rules.Rules;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers of all kinds at a gateway with rules, by each protocol, with real sockets and a real issuer. */
class CallersTest {
    private static final String GET_BOOK = "/library.v1.Library/GetBook";
    private static final String BOOK = "{\"name\":\"x\"}";
    private static final RSAKey KEY = Issuer.rsa("one");
    private static final ECKey EC = Issuer.ec("two");
    private static final Issuer.Ed ED = Issuer.Ed.of("three");
    private static final String RULES = """
            rules:
              - callers: ["key:shop", "jwt:ada"]
                methods: ["library.v1.Library/GetBook", "grpc.reflection.v1.*", "openapi"]
                allow: true
              - callers: [anonymous]
                methods: ["grpc.health.v1.Health/Check"]
                allow: true
            """;

    private final AtomicLong passed = new AtomicLong();
    private final Ticker ticker = () -> System.nanoTime() + passed.get();
    private final ScheduledExecutorService background = Executors.newScheduledThreadPool(2);
    private final Issuer issuer = new Issuer(KEY, EC, ED.published());
    private final KeySource source =
            new KeySource(KeyFetch.from(issuer.uri()), Duration.ofHours(1), Duration.ofDays(1), ticker, background);
    private LibraryServer library;
    private HttpGateway gateway;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        source.start();
        await().until(() -> source.size() == 3);
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest("secret".getBytes(StandardCharsets.US_ASCII)));
        ApiKeys keys = ApiKeys.parse("# comment\nshop: " + hash + "\nother: " + "0".repeat(64));
        TokenVerifier tokens = new TokenVerifier(
                List.of("RS256", "ES256", "EdDSA"),
                new ClaimCheck(Issuer.NAME, Issuer.AUDIENCE, Duration.ofSeconds(30)),
                source,
                InstantSource.system());
        Rules rules = Rules.parse(RULES);
        Supplier<Rules> current = () -> rules;
        Gatekeeper gate = new Gatekeeper(
                new Identities(() -> keys, tokens, null),
                current,
                Admission.UNLIMITED,
                new PeerGateways(List.of()),
                new Refusals(ticker, null),
                ticker);
        library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        gateway = new HttpGateway(parts -> new HttpGateway.Extension(Documents.NONE, null, CallGate.of(List.of(gate))));
        gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .maxInboundMetadataSize(1 << 20)
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        gateway.close();
        library.close();
        issuer.close();
        background.shutdownNow();
    }

    private static String good() {
        return Issuer.token(KEY, Issuer.claims().build());
    }

    /** Credentials that are wrong, by what is wrong with them, as header, value, header, value. */
    private static Map<String, String[]> wrong() throws Exception {
        Map<String, String[]> all = new LinkedHashMap<>();
        Instant now = Instant.now();
        JWTClaimsSet claims = Issuer.claims().build();
        all.put("alg none", bearer(new PlainJWT(claims).serialize()));
        all.put("alg none, signed", bearer(head("{\"alg\":\"none\",\"kid\":\"one\"}", good())));
        all.put("wrong key", bearer(Issuer.token(Issuer.rsa("one"), claims)));
        all.put(
                "wrong audience",
                bearer(Issuer.token(KEY, Issuer.claims().audience("x").build())));
        all.put(
                "wrong issuer",
                bearer(Issuer.token(KEY, Issuer.claims().issuer("x").build())));
        all.put(
                "no expiry",
                bearer(Issuer.token(KEY, Issuer.claims().expirationTime(null).build())));
        all.put(
                "no subject",
                bearer(Issuer.token(KEY, Issuer.claims().subject(null).build())));
        all.put(
                "odd subject",
                bearer(Issuer.token(KEY, Issuer.claims().subject("a b\r\nx: y").build())));
        all.put(
                "expired",
                bearer(Issuer.token(
                        KEY,
                        Issuer.claims()
                                .expirationTime(Date.from(now.minusSeconds(60)))
                                .build())));
        all.put(
                "not yet valid",
                bearer(Issuer.token(
                        KEY,
                        Issuer.claims()
                                .notBeforeTime(Date.from(now.plusSeconds(60)))
                                .build())));
        SignedJWT confused = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), claims);
        confused.sign(new MACSigner(KEY.toRSAPublicKey().getEncoded()));
        all.put("key confusion", bearer(confused.serialize()));
        all.put("another kind of key", bearer(Issuer.token(Issuer.ec("one"), claims)));
        all.put(
                "critical parameter",
                bearer(head("{\"alg\":\"RS256\",\"kid\":\"one\",\"crit\":[\"b64\"],\"b64\":false}", good())));
        all.put("garbage", bearer("garbage"));
        all.put("token that gRPC does not allow", new String[] {"authorization", "Bearer\t" + good()});
        all.put("key that gRPC does not allow", new String[] {"x-api-key", "s\u00e9cret"});
        all.put("dots", bearer(".."));
        all.put("empty", bearer(""));
        all.put("huge", bearer("a".repeat(15_000)));
        all.put("signature cut", bearer(good().substring(0, good().length() - 8)));
        all.put("basic", new String[] {"authorization", "Basic YTpi"});
        all.put("wrong api key", new String[] {"x-api-key", "other"});
        all.put("hash as api key", new String[] {"x-api-key", "0".repeat(64)});
        all.put("two kinds", new String[] {"x-api-key", "secret", "authorization", "Bearer " + good()});
        return all;
    }

    private static String[] bearer(String token) {
        return new String[] {"authorization", "Bearer " + token};
    }

    private static String head(String header, String token) {
        return Base64URL.encode(header) + token.substring(token.indexOf('.'));
    }

    @Test
    void wrongCredentials_areRefusedByEachProtocol() throws Exception {
        for (Map.Entry<String, String[]> entry : wrong().entrySet()) {
            String[] credential = entry.getValue();
            for (String what : List.of(GET_BOOK, "/openapi.json", "/grpc.health.v1.Health/Check")) {
                HttpResponse<String> json = what.endsWith(".json")
                        ? gateway.send(with(gateway.request(what).GET(), credential))
                        : gateway.post(what, what.equals(GET_BOOK) ? BOOK : "{}", credential);
                assertThat(json.statusCode())
                        .as(entry.getKey() + " " + what + json.body())
                        .isEqualTo(401);
                assertThat(json.headers().firstValue("www-authenticate"))
                        .as(entry.getKey())
                        .isPresent();
                assertThat(json.body()).as(entry.getKey()).doesNotContain("secret", credential[1]);
            }
            for (String type : List.of("application/grpc", "application/grpc-web+proto", "application/grpc+json")) {
                RawHttp2Peer.Response response = raw(type, credential);
                assertThat(response.get("grpc-status"))
                        .as(entry.getKey() + " " + type)
                        .isEqualTo("16");
                assertThat(response.get("www-authenticate"))
                        .as(entry.getKey() + " " + type)
                        .isNotNull();
            }
            String connect = new String(
                    stream("/library.v1.Library/WatchBooks", credential).body(), StandardCharsets.UTF_8);
            assertThat(connect).as(entry.getKey()).contains("unauthenticated", "www-authenticate");
            assertThat(reflection(credential)).as(entry.getKey()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void repeatedHeaders_areRefused() throws Exception {
        String token = "Bearer " + good();
        assertThat(raw("application/grpc", "authorization", token, "authorization", token)
                        .get("grpc-status"))
                .isEqualTo("16");
        assertThat(raw("application/grpc", "x-api-key", "secret", "x-api-key", "a\tb")
                        .get("grpc-status"))
                .as("gRPC does not allow one of them")
                .isEqualTo("16");
        assertThat(raw("application/grpc", "x-api-key", "secret", "x-api-key", "secret")
                        .get("grpc-status"))
                .isEqualTo("16");
    }

    @Test
    void goodCredentials_passByEachProtocol() throws Exception {
        for (String[] credential : List.of(
                bearer(good()),
                bearer(Issuer.token(EC, Issuer.claims().build())),
                bearer(ED.token(Issuer.claims().build())),
                new String[] {"authorization", "bearer  " + good()},
                new String[] {"x-api-key", "secret"})) {
            assertThat(gateway.post(GET_BOOK, BOOK, credential).body()).contains("x");
            assertThat(raw("application/grpc", credential).get("grpc-status")).isEqualTo("0");
            assertThat(reflection(credential)).isEqualTo(Status.Code.OK);
            assertThat(gateway.send(with(gateway.request("/openapi.json").GET(), credential))
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(source.size()).isEqualTo(3);
        assertThat(issuer.fetches).hasValue(1);
    }

    @Test
    void whatNoRuleAllows_isDenied() {
        HttpResponse<String> denied = gateway.post("/library.v1.Library/TagBook", "{}", "x-api-key", "secret");
        assertThat(denied.statusCode()).isEqualTo(403);
        assertThat(denied.body()).contains("key:shop may not call library.v1.Library/TagBook");
        HttpResponse<String> anonymous = gateway.post(GET_BOOK, BOOK);
        assertThat(anonymous.statusCode()).isEqualTo(401);
        assertThat(anonymous.headers().firstValue("www-authenticate"))
                .hasValue("Bearer realm=\"middleware\", ApiKey realm=\"middleware\"");
        assertThat(gateway.get("/api/").statusCode()).isEqualTo(401);
        assertThat(gateway.post("/grpc.health.v1.Health/Check", "{}").statusCode())
                .isEqualTo(200);
        assertThat(gateway.send(with(gateway.request("/api/").GET(), "x-api-key", "secret"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void rotatedKey_losesNoCall() {
        RSAKey newer = Issuer.rsa("newer");
        issuer.publish(newer, KEY);
        String token = Issuer.token(newer, Issuer.claims().build());

        List<CompletableFuture<Integer>> calls = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> gateway.post(GET_BOOK, BOOK, bearer(token)).statusCode()))
                .toList();

        assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(200));
        assertThat(issuer.fetches).hasValue(2);
        assertThat(raw("application/grpc", bearer(token)).get("grpc-status")).isEqualTo("0");
    }

    @Test
    void unknownKey_isAskedForOnceAMinute() {
        String token = Issuer.token(Issuer.rsa("foreign"), Issuer.claims().build());
        for (int i = 0; i < 20; i++) {
            assertThat(gateway.post(GET_BOOK, BOOK, bearer(token)).statusCode()).isEqualTo(401);
        }
        assertThat(issuer.fetches).hasValue(2);
        // of another one nobody knows whether it is wrong
        String other = Issuer.token(Issuer.rsa("other"), Issuer.claims().build());
        assertThat(gateway.post(GET_BOOK, BOOK, bearer(other)).statusCode()).isEqualTo(503);
        // unless it says that it is older than the keys that were fetched
        String older = Issuer.token(
                Issuer.rsa("older"),
                Issuer.claims()
                        .issueTime(Date.from(Instant.now().minusSeconds(60)))
                        .build());
        assertThat(gateway.post(GET_BOOK, BOOK, bearer(older)).statusCode()).isEqualTo(401);
        assertThat(issuer.fetches).hasValue(2);
        passed.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(gateway.post(GET_BOOK, BOOK, bearer(other)).statusCode()).isEqualTo(401);
        assertThat(issuer.fetches).hasValue(3);
    }

    @Test
    void deadIssuer_changesNothingForKnownKeys() {
        String token = good();
        issuer.kill();
        String unknown = Issuer.token(Issuer.rsa("unknown"), Issuer.claims().build());
        assertThat(gateway.post(GET_BOOK, BOOK, bearer(unknown)).statusCode()).isEqualTo(503);
        for (int i = 0; i < 100; i++) {
            assertThat(gateway.post(GET_BOOK, BOOK, bearer(token)).statusCode()).isEqualTo(200);
            assertThat(gateway.post(GET_BOOK, BOOK, bearer(good())).statusCode())
                    .isEqualTo(200);
        }
        passed.addAndGet(Duration.ofDays(1).plusMinutes(2).toNanos());
        assertThat(gateway.post(GET_BOOK, BOOK, bearer(token)).statusCode()).isEqualTo(503);
        issuer.revive();
        passed.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(gateway.post(GET_BOOK, BOOK, bearer(token)).statusCode()).isEqualTo(200);
    }

    @Test
    void withdrawnKey_isNotTakenAnyMore() {
        String token = good();
        assertThat(gateway.post(GET_BOOK, BOOK, bearer(token)).statusCode()).isEqualTo(200);
        issuer.publish(EC);
        String trigger = Issuer.token(Issuer.rsa("trigger"), Issuer.claims().build());
        gateway.post(GET_BOOK, BOOK, bearer(trigger));
        await().untilAsserted(() -> assertThat(source.size()).isEqualTo(1));
        assertThat(gateway.post(GET_BOOK, BOOK, bearer(token)).statusCode()).isNotEqualTo(200);
    }

    @Test
    void mutatedTokens_areAllRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String token = good();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        int tried = 0;
        while (System.nanoTime() < end) {
            byte[] bytes = token.getBytes(StandardCharsets.US_ASCII);
            for (int i = random.nextInt(3); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) (33 + random.nextInt(94));
            }
            String mutated = new String(bytes, StandardCharsets.US_ASCII);
            tried++;
            if (!isSame(token, mutated)) {
                assertThat(gateway.post(GET_BOOK, BOOK, bearer(mutated)).statusCode())
                        .as(seed + " " + mutated)
                        .isIn(401, 503);
            }
        }
        assertThat(tried).isGreaterThan(20);
    }

    /** The last character of a signature has bits that mean nothing. */
    private static boolean isSame(String token, String mutated) {
        int last = token.lastIndexOf('.');
        return mutated.length() == token.length()
                && mutated.substring(0, last + 1).equals(token.substring(0, last + 1))
                && new Base64URL(mutated.substring(last + 1)).decode().length
                        == new Base64URL(token.substring(last + 1)).decode().length
                && java.util.Arrays.equals(
                        new Base64URL(mutated.substring(last + 1)).decode(),
                        new Base64URL(token.substring(last + 1)).decode());
    }

    private RawHttp2Peer.Response stream(String path, String... headers) {
        return new WebCaller(gateway.grpcPort())
                .call(path, "application/connect+proto", WebCaller.envelope(0, new byte[0]), headers);
    }

    private RawHttp2Peer.Response raw(String contentType, String... headers) {
        boolean json = contentType.endsWith("json");
        byte[] message = json
                ? BOOK.getBytes(StandardCharsets.UTF_8)
                : GetBookRequest.newBuilder().setName("x").build().toByteArray();
        return new WebCaller(gateway.grpcPort()).call(GET_BOOK, contentType, WebCaller.envelope(0, message), headers);
    }

    private static java.net.http.HttpRequest.Builder with(
            java.net.http.HttpRequest.Builder request, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request;
    }

    private Status.Code reflection(String... headers) throws Exception {
        Metadata metadata = new Metadata();
        for (int i = 0; i < headers.length; i += 2) {
            metadata.put(Metadata.Key.of(headers[i], Metadata.ASCII_STRING_MARSHALLER), headers[i + 1]);
        }
        CompletableFuture<Status.Code> end = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {}

                    @Override
                    public void onError(Throwable failure) {
                        end.complete(Status.fromThrowable(failure).getCode());
                    }

                    @Override
                    public void onCompleted() {
                        end.complete(Status.Code.OK);
                    }
                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        requests.onCompleted();
        return end.get(5, TimeUnit.SECONDS);
    }
}
