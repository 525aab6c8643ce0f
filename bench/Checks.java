import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntFunction;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.middleware.core.Call;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.OngoingCall;
import io.middleware.core.Ticker;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.security.identity.Verdict;
import io.middleware.gateway.security.jwt.ClaimCheck;
import io.middleware.gateway.security.jwt.KeySource;
import io.middleware.gateway.security.jwt.TokenVerifier;
import io.middleware.gateway.security.limit.Limiter;
import io.middleware.gateway.security.rules.Rule;
import io.middleware.gateway.security.rules.Rules;
import io.netty.handler.codec.http2.DefaultHttp2Headers;

/**
 * What the checks of callers cost a call, in processor time of its thread: tokens, rules, limits. bench/checks runs it. Each
 * row is the median of eleven batches after warming up; all results are used, so that no compiler can leave the work out.
 */
final class Checks {

    private static final int BATCHES = 11;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long WARM_NANOS = 2_000_000_000L;
    private static long used;

    private Checks() {
    }

    /** A kind of key that signs tokens. */
    private record Signing(String name, JWK jwk, IntFunction<String> tokens) {
    }

    public static void main(String[] args) throws Exception {
        ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
        List<Signing> kinds = List.of(rsa(), ec(), ed());
        StringBuilder keys = new StringBuilder("{\"keys\":[");
        kinds.forEach(kind -> keys.append(keys.length() > 9 ? "," : "").append(kind.jwk.toPublicJWK().toJSONString()));
        String set = keys.append("]}").toString();
        KeySource source = new KeySource(() -> set, Duration.ofHours(1), Duration.ofHours(1), Ticker.system(), background);
        source.start();
        while (source.size() < kinds.size()) {
            Thread.onSpinWait();
        }
        if (args.length > 0) {
            // without the native code on the class path
            for (Signing kind : kinds.subList(1, kinds.size())) {
                newTokens(kind, source, ", by the JDK alone");
            }
        } else {
            for (Signing kind : kinds) {
                tokens(kind, source);
            }
            rules();
            limits();
        }
        System.err.println("(" + used + ")");
    }

    // --- tokens ----------------------------------------------------------------------------------------------------------

    private static TokenVerifier verifier(KeySource source) {
        return new TokenVerifier(List.of("RS256", "ES256", "EdDSA"), new ClaimCheck("https://issuer.test", "shop",
                Duration.ofSeconds(30)), source, InstantSource.system());
    }

    private static void tokens(Signing kind, KeySource source) {
        TokenVerifier verifier = verifier(source);
        byte[][] seen = made(kind);
        for (byte[] each : seen) {
            known(verifier.verify(text(each)));
        }
        row("a token seen before, " + kind.name, 3, 20_000, i -> known(verifier.verify(text(seen[i % seen.length]))));
        newTokens(kind, source, "");
    }

    /** A verifier that knows nothing sees each of them for the first time. */
    private static void newTokens(Signing kind, KeySource source, String how) {
        byte[][] tokens = made(kind);
        TokenVerifier[] fresh = {null};
        row("a new token, " + kind.name + how, 100, tokens.length, i -> {
            if (i == 0) {
                fresh[0] = verifier(source);
            }
            return known(fresh[0].verify(text(tokens[i])));
        });
    }

    /** More than a cache of the processor holds, as callers are many. */
    private static byte[][] made(Signing kind) {
        byte[][] tokens = new byte[1000][];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = kind.tokens.apply(i).getBytes(StandardCharsets.US_ASCII);
        }
        return tokens;
    }

    /** Each call brings a text of its own, whose hash nobody has computed yet. */
    private static String text(byte[] token) {
        return new String(token, StandardCharsets.US_ASCII);
    }

    private static int known(Verdict verdict) {
        if (!(verdict instanceof Verdict.Known)) {
            throw new IllegalStateException("refused: " + verdict);
        }
        return verdict.hashCode();
    }

    private static Signing rsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        JWSSigner signer = new RSASSASigner(pair.getPrivate());
        return new Signing("RS256", new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID("rsa").build(),
                i -> signed(JWSAlgorithm.RS256, "rsa", signer, i));
    }

    private static Signing ec() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(Curve.P_256.toECParameterSpec());
        KeyPair pair = generator.generateKeyPair();
        JWSSigner signer = new ECDSASigner(pair.getPrivate(), Curve.P_256);
        return new Signing("ES256", new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic()).keyID("ec").build(),
                i -> signed(JWSAlgorithm.ES256, "ec", signer, i));
    }

    private static String signed(JWSAlgorithm algorithm, String id, JWSSigner signer, int number) {
        try {
            SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(id).build(), claims(number));
            token.sign(signer);
            return token.serialize();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Signing ed() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = ((EdECPublicKey) pair.getPublic()).getEncoded();
        Base64URL key = Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        return new Signing("EdDSA", new OctetKeyPair.Builder(Curve.Ed25519, key).keyID("ed").build(), i -> {
            try {
                String content = new JWSHeader.Builder(JWSAlgorithm.EdDSA).keyID("ed").build().toBase64URL() + "."
                        + Base64URL.encode(claims(i).toString());
                Signature signer = Signature.getInstance("Ed25519");
                signer.initSign(pair.getPrivate());
                signer.update(content.getBytes(StandardCharsets.US_ASCII));
                return content + "." + Base64URL.encode(signer.sign());
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        });
    }

    private static JWTClaimsSet claims(int number) {
        return new JWTClaimsSet.Builder().issuer("https://issuer.test").audience("shop").subject("caller-" + number)
                .expirationTime(new Date(System.currentTimeMillis() + 3_600_000)).build();
    }

    // --- rules and limits --------------------------------------------------------------------------------------------------

    private static void rules() {
        StringBuilder text = new StringBuilder("rules:\n");
        for (int i = 0; i < 100; i++) {
            text.append("  - callers: [\"key:caller-").append(i).append("\", \"jwt:team-").append(i)
                    .append("-*\"]\n    methods: [\"shop.v1.Service").append(i).append("/*\", \"hello.v1.HelloService/*\"]\n")
                    .append("    allow: true\n");
        }
        Rules rules = Rules.parse(text.toString());
        String[] callers = new String[100];
        for (int i = 0; i < callers.length; i++) {
            callers[i] = "key:caller-" + i;
        }
        row("100 rules, any of which decides", 2, 20_000,
                i -> rules.find(callers[i * 37 % 100], "hello.v1.HelloService/SayHello").line());
        row("100 rules, none of which matches", 2, 20_000,
                i -> rules.find("jwt:other-" + (i & 7), "hello.v1.HelloService/SayHello") == null ? 1 : 0);
    }

    private static void limits() {
        Limiter limiter = new Limiter(100_000, () -> 2, Ticker.system(), new SimpleMeterRegistry(), null);
        Rule rule = Rules.parse("""
                rules:
                  - callers: ["key:*"]
                    methods: ["*"]
                    allow: true
                    limit: {requests-per-second: 1000000, burst: 1000000, in-flight: 1000}
                """).find("key:a", "hello.v1.HelloService/SayHello");
        String[] callers = new String[10_000];
        for (int i = 0; i < callers.length; i++) {
            callers[i] = "key:caller-" + i;
        }
        Call call = new Call("/hello.v1.HelloService/SayHello", new NettyHeaders(new DefaultHttp2Headers()), Call.NO_DEADLINE,
                false, new Nobody(), (task, delay) -> () -> { });
        OngoingCall open = new Open();
        row("a limit, of one of 10,000 callers, the end of the call included", 2, 20_000, i -> {
            OngoingCall begun = limiter.start(call, callers[i * 7919 % callers.length], rule, passed -> open);
            begun.cancel();
            return begun.hashCode();
        });
    }

    private static final class Nobody implements Caller {
        @Override
        public void onHeaders(Headers headers) {
        }

        @Override
        public void onChunk(Chunk chunk) {
        }

        @Override
        public void onTrailers(Headers trailers) {
        }

        @Override
        public void onFailure(Failure failure) {
            throw new IllegalStateException("refused: " + failure);
        }

        @Override
        public void onWritabilityChanged() {
        }
    }

    private static final class Open implements OngoingCall {
        @Override
        public void send(Chunk chunk, boolean last) {
        }

        @Override
        public void halfClose() {
        }

        @Override
        public void cancel() {
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void wantMore(boolean more) {
        }
    }

    // --- measuring ---------------------------------------------------------------------------------------------------------

    /** Does something once; the number tells which time of the batch it is. */
    private interface Work {
        int once(int number);
    }

    private static void row(String what, int goalMicros, int batch, Work work) {
        long begun = THREADS.getCurrentThreadCpuTime();
        do {
            batch(work, batch);
        } while (THREADS.getCurrentThreadCpuTime() - begun < WARM_NANOS);
        double[] micros = new double[BATCHES];
        for (int i = 0; i < BATCHES; i++) {
            long from = THREADS.getCurrentThreadCpuTime();
            batch(work, batch);
            micros[i] = (THREADS.getCurrentThreadCpuTime() - from) / 1e3 / batch;
        }
        Arrays.sort(micros);
        System.out.printf(Locale.ROOT, "| %s | %.2f us | %.2f to %.2f us | under %d us |%n", what, micros[BATCHES / 2], micros[0],
                micros[BATCHES - 1], goalMicros);
    }

    private static void batch(Work work, int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += work.once(i);
        }
        used += sum;
    }
}
