package io.middleware.chaos.prove.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.middleware.chaos.prove.history.Kind;
import io.middleware.chaos.prove.history.Told;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TellingTest {

    @Test
    void errorOfTheGateway_thatDoesNotSayOtherwise_promisesThatNothingRan() {
        assertThat(told(Kind.UNMARKED, Code.UNAVAILABLE, "no instance of hello", "", "gateway-1"))
                .isEqualTo(Told.NOT_EXECUTED);
        assertThat(told(Kind.UNMARKED, Code.RESOURCE_EXHAUSTED, "", "", "gateway-1"))
                .isEqualTo(Told.NOT_EXECUTED);
    }

    @Test
    void errorThatSaysSo_mayHaveRun() {
        assertThat(told(Kind.UNMARKED, Code.UNAVAILABLE, "not retried: it may already have run", "", "gateway-1"))
                .isEqualTo(Told.UNKNOWN);
        assertThat(told(Kind.UNMARKED, Code.UNAVAILABLE, "the call, which may have run", "", "gateway-1"))
                .isEqualTo(Told.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(names = {"DEADLINE_EXCEEDED", "CANCELLED", "INTERNAL", "UNKNOWN"})
    void codesThatPromiseNothing_mayHaveRun(Code code) {
        assertThat(told(Kind.UNMARKED, code, "", "", "gateway-1")).isEqualTo(Told.UNKNOWN);
    }

    @Test
    void errorOfTheServerItself_mayHaveRun() {
        assertThat(told(Kind.UNMARKED, Code.UNAVAILABLE, "on purpose", "hello-service-1", "gateway-1"))
                .isEqualTo(Told.UNKNOWN);
    }

    @Test
    void errorWithoutAGateway_mayHaveRun() {
        assertThat(told(Kind.UNMARKED, Code.UNAVAILABLE, "no gateway could be reached", "", ""))
                .isEqualTo(Told.UNKNOWN);
    }

    /** Where a repeat is harmless anyway, gateways do not say what became of the call. */
    @Test
    void callsOfIdempotentMethods_promiseNothing() {
        assertThat(told(Kind.MARKED, Code.UNAVAILABLE, "", "", "gateway-1")).isEqualTo(Told.UNKNOWN);
    }

    @Test
    void callsWithAKey_promiseAsMuchAsOthers() {
        assertThat(told(Kind.KEYED, Code.UNAVAILABLE, "no instance of hello", "", "gateway-1"))
                .isEqualTo(Told.NOT_EXECUTED);
        assertThat(told(
                        Kind.KEYED,
                        Code.UNAVAILABLE,
                        "Note that it may already have run, and can safely be sent again with the same idempotency key",
                        "",
                        "gateway-1"))
                .isEqualTo(Told.UNKNOWN);
        assertThat(told(Kind.KEYED, Code.ABORTED, "another call with the same key still runs", "hello-1", "gateway-1"))
                .isEqualTo(Told.UNKNOWN);
    }

    @Test
    void doubtOfAGatewayThatTriedNoServer_isUnfounded_unlessNginxMayHaveSentTheCallBefore() {
        Reply doubt = new Reply(Code.UNAVAILABLE, "it may already have run", 0, "", "gateway-1", false, "");
        for (Kind kind : new Kind[] {Kind.UNMARKED, Kind.KEYED}) {
            assertThat(Telling.told(kind, false, doubt)).isEqualTo(Told.UNFOUNDED);
            assertThat(Telling.told(kind, true, doubt)).isEqualTo(Told.UNKNOWN);
        }
        assertThat(Telling.told(Kind.MARKED, false, doubt)).isEqualTo(Told.UNKNOWN);
    }

    @Test
    void response_isASuccess() {
        assertThat(told(Kind.UNMARKED, Code.OK, "", "hello-service-1", "gateway-1"))
                .isEqualTo(Told.OK);
    }

    @Test
    void applicationsLastWord_isNotRepeated() {
        assertThat(Telling.worthARepeat(Code.INVALID_ARGUMENT)).isFalse();
        assertThat(Telling.worthARepeat(Code.OK)).isFalse();
        assertThat(Telling.worthARepeat(Code.ABORTED)).isTrue();
        assertThat(Telling.worthARepeat(Code.UNAVAILABLE)).isTrue();
    }

    private static Told told(Kind kind, Code code, String message, String instance, String gateway) {
        return Telling.told(kind, false, new Reply(code, message, 1, instance, gateway, false, ""));
    }
}
