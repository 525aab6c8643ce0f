package io.middleware.gateway.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.gateway.consul.StoreFixture;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.security.identity.ApiKeys;
import io.middleware.gateway.security.identity.Identities;
import io.middleware.gateway.security.identity.Verdict;
import io.middleware.testsupport.ConsulServer;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** API keys in a real Consul. */
@ExtendWith(OutputCaptureExtension.class)
class ConsulKeysIT {
    private static final String PREFIX = "middleware/keys/";
    private static final String KV = "/v1/kv/" + PREFIX;
    private static final String MAY_READ = "key_prefix \"" + PREFIX + "\" { policy = \"read\" }";

    private ConsulServer consul;
    private StoreFixture store;
    private ConsulKeys keys;

    @AfterEach
    void stop() throws Exception {
        keys.close();
        store.close().close();
        consul.close();
    }

    @Test
    void keysAreTakenWhileRunning_andRevokedAtOnce() throws Exception {
        follow(ConsulServer.remembering(), "");
        consul.api().put(KV, "");
        consul.api().put(KV + "shop/1", sha256("first"));
        soon().until(() -> callerOf("first"), "key:shop"::equals);
        consul.api().put(KV + "shop/2", sha256("second"));
        consul.api().put(KV + "reports", " " + sha256("third").toUpperCase(java.util.Locale.ROOT) + "\n");
        soon().until(() -> keys.get().size() == 3);
        assertThat(callerOf("second")).isEqualTo("key:shop");
        assertThat(callerOf("third")).isEqualTo("key:reports");

        consul.api().delete(KV + "shop/?recurse");
        soon().until(() -> keys.get().size() == 1);
        assertThat(callerOf("first")).isEqualTo("UNAUTHENTICATED");
        consul.api().delete(KV + "reports");
        soon().until(() -> keys.get().size() == 0);
        assertThat(callerOf("third")).isEqualTo("UNAUTHENTICATED");
        assertThat(keys.problem()).isNull();
    }

    @Test
    void storeWithoutItsEntry_isNotBelieved(CapturedOutput output) throws Exception {
        follow(ConsulServer.remembering(), "");
        soon().untilAsserted(() -> assertThat(keys.problem()).contains("there is no entry " + PREFIX));
        assertThat(callerOf("first")).as("nobody can say that it is wrong").isEqualTo("UNAVAILABLE");
        consul.api().put(KV + "shop/1", sha256("first"));
        soon().untilAsserted(() -> assertThat(callerOf("first")).isEqualTo("UNAVAILABLE"));

        consul.api().put(KV, "");
        soon().until(() -> callerOf("first"), "key:shop"::equals);
        consul.api().delete(KV + "?recurse");
        soon().untilAsserted(() -> assertThat(keys.problem()).contains("there is no entry " + PREFIX));
        assertThat(callerOf("first")).isEqualTo("key:shop");
        assertThat(callerOf("other")).isEqualTo("UNAUTHENTICATED");
        assertThat(output).contains("what is known holds, 1 keys: there is no entry " + PREFIX);
    }

    @Test
    void consulThatIsAway_orHasForgottenAll_changesNothing() throws Exception {
        follow(ConsulServer.forgetful(), "");
        consul.api().put(KV, "");
        consul.api().put(KV + "shop/1", sha256("first"));
        soon().until(() -> callerOf("first"), "key:shop"::equals);

        consul.kill();
        soon().untilAsserted(() -> assertThat(keys.problem()).isNotNull());
        assertThat(callerOf("first")).isEqualTo("key:shop");
        consul.start();
        soon().untilAsserted(() -> assertThat(keys.problem()).contains("there is no entry " + PREFIX));
        assertThat(callerOf("first")).isEqualTo("key:shop");

        consul.api().put(KV, "");
        consul.api().put(KV + "shop/2", sha256("second"));
        soon().until(() -> callerOf("second"), "key:shop"::equals);
        assertThat(callerOf("first")).isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void tokenThatLosesItsRight_takesNoKeyAway() throws Exception {
        ConsulServer withAcls = ConsulServer.withAcls();
        JsonNode token = withAcls.api().createToken("keys", MAY_READ);
        follow(withAcls, token.get("SecretID").asString());
        consul.api().put(KV, "");
        consul.api().put(KV + "shop/1", sha256("first"));
        soon().until(() -> callerOf("first"), "key:shop"::equals);

        consul.api().putPolicy("keys", "");
        soon().untilAsserted(() -> assertThat(keys.problem()).isNotNull());
        assertThat(callerOf("first")).isEqualTo("key:shop");
        consul.api().putPolicy("keys", MAY_READ);
        soon().untilAsserted(() -> assertThat(keys.problem()).isNull());
        consul.api().delete(KV + "shop/1");
        soon().until(() -> callerOf("first"), "UNAUTHENTICATED"::equals);
    }

    @Test
    void entryThatIsWrong_isLeftOut_andKeepsNoOtherFromBeingRevoked(CapturedOutput output) throws Exception {
        follow(ConsulServer.remembering(), "");
        consul.api().put(KV, "anything");
        consul.api().put(KV + "shop/1", sha256("first"));
        consul.api().put(KV + "reports/1", "no hash");
        consul.api().put(KV + "a%20b/1", sha256("spaced"));
        soon().until(() -> keys.wrong().size() == 2);
        assertThat(keys.get().size()).isEqualTo(1);
        assertThat(callerOf("no hash")).isEqualTo("UNAUTHENTICATED");

        consul.api().delete(KV + "shop/1");
        soon().until(() -> callerOf("first"), "UNAUTHENTICATED"::equals);
        assertThat(output).containsOnlyOnce("the entry reports/1 is left out").doesNotContain("no hash");
    }

    private void follow(ConsulServer started, String token) {
        consul = started;
        store = StoreFixture.of(consul, token);
        keys = ConsulKeys.follow(store.store(), PREFIX);
    }

    /** Returns whose key it is, or the code with which its call is refused. */
    private String callerOf(String key) {
        ApiKeys file = ApiKeys.parse("");
        Identities identities = new Identities(new BothKeys(() -> file, keys), null, null);
        NettyHeaders headers = new NettyHeaders(new DefaultHttp2Headers(false).set("x-api-key", key));
        Verdict verdict = identities.of(new Call("/a/b", headers, Call.NO_DEADLINE, false, null, null));
        return switch (verdict) {
            case Verdict.Known known -> known.caller();
            case Verdict.Refused refused -> refused.failure().code().name();
            default -> Code.UNKNOWN.name();
        };
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }

    private static String sha256(String key) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(US_ASCII)));
    }
}
