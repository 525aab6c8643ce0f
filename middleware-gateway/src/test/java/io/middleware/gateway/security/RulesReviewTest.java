package io.middleware.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.serve.HttpGateway;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.security.rules.Rules;
import io.middleware.starter.WrongSettingException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that name methods, at a start with a service that describes itself. */
class RulesReviewTest {
    private final LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
    private final HttpGateway gateway = new HttpGateway(parts -> new HttpGateway.Extension(Documents.NONE, null));

    @BeforeEach
    void start() {
        gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
    }

    @AfterEach
    void stop() {
        gateway.close();
        library.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "library.v1.Library/Nothing",
                "library.v1.Library/getBook",
                "library.v1.Library/Nothing*",
                "grpc.health.v1.Health/Nothing"
            })
    void methodThatAKnownServiceDoesNotHave_stopsTheStart(String method) {
        RulesReview review = review(method);

        assertThatThrownBy(review::start)
                .isInstanceOf(WrongSettingException.class)
                .hasMessage("middleware.security.rules: line 2: " + method + " (expected: a method of "
                        + method.substring(0, method.indexOf('/')) + ")");
        assertThat(review.isRunning()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "library.v1.Library/GetBook",
                "library.v1.Library/Get*",
                "library.v1.*",
                "grpc.health.v1.Health/Check",
                "dashboard",
                "*"
            })
    void methodsThereAre_letItStart(String method) {
        RulesReview review = review(method);
        review.start();

        assertThat(review.isRunning()).isTrue();
        assertThat(review.problems()).isEmpty();
    }

    @Test
    void serviceThatIsNotKnownYet_isToldAlone() {
        RulesReview review = review("shop.v1.Shop/Buy");
        review.start();

        assertThat(review.problems()).containsExactly("no registered service describes shop.v1.Shop");
    }

    private RulesReview review(String method) {
        Rules rules = Rules.parse("rules:\n  - {callers: [anonymous], methods: [\"" + method + "\"], allow: true}\n");
        return new RulesReview(() -> rules, gateway.schemas()::schema);
    }
}
