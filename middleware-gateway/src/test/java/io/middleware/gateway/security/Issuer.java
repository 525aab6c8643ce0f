package io.middleware.gateway.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Issues tokens, and publishes its keys by HTTP as long as it runs. */
final class Issuer implements AutoCloseable {
    static final String NAME = "https://issuer.example";
    static final String AUDIENCE = "shop";

    final AtomicInteger fetches = new AtomicInteger();
    private volatile List<JWK> keys;
    private HttpServer server;
    private final int port;

    Issuer(JWK... published) {
        keys = List.of(published);
        server = listen(0);
        port = server.getAddress().getPort();
    }

    private HttpServer listen(int on) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 0);
            http.createContext("/keys", exchange -> {
                fetches.incrementAndGet();
                byte[] body = new JWKSet(keys).toString(true).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            http.start();
            return http;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String uri() {
        return "http://127.0.0.1:" + port + "/keys";
    }

    void publish(JWK... newer) {
        keys = List.of(newer);
    }

    void kill() {
        server.stop(0);
    }

    void revive() {
        server = listen(port);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static ECKey ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static JWTClaimsSet.Builder claims() {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(NAME)
                .audience(AUDIENCE)
                .subject("ada")
                .notBeforeTime(Date.from(now.minusSeconds(5)))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    static String token(JWK key, JWTClaimsSet claims) {
        try {
            JWSSigner signer = key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
            JWSAlgorithm algorithm = key instanceof RSAKey ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** A pair of Ed25519: its public key, and what signs by it. */
    record Ed(OctetKeyPair published, KeyPair pair) {
        static Ed of(String id) {
            try {
                KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                byte[] encoded = pair.getPublic().getEncoded();
                byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
                return new Ed(
                        new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(raw))
                                .keyID(id)
                                .build(),
                        pair);
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        String token(JWTClaimsSet claims) {
            try {
                String head = Base64URL.encode("{\"alg\":\"EdDSA\",\"kid\":\"" + published.getKeyID() + "\"}") + "."
                        + Base64URL.encode(claims.toString());
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign((EdECPrivateKey) pair.getPrivate());
                signature.update(head.getBytes(StandardCharsets.US_ASCII));
                return head + "." + Base64URL.encode(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
    }
}
