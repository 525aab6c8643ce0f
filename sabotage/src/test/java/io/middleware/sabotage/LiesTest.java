package io.middleware.sabotage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Outcome;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiesTest {

    @Test
    @SuppressWarnings("NullAway") // only what is changed matters
    void changedCall_differsInOneComponent() {
        Call call = new Call("/hello.v1.Guestbook/Sign", null, 5, false, null, null);

        Call changed = ChangedCall.of(call, "idempotencyKey", true);

        assertThat(changed.idempotencyKey()).isTrue();
        assertThat(changed.path()).isEqualTo(call.path());
        assertThat(changed.deadline()).isEqualTo(5);
        assertThatThrownBy(() -> ChangedCall.of(call, "key", true)).hasMessage("a call has no key");
    }

    @Test
    void wordsThatACallMayHaveRun_areLeftOut() {
        assertThat(Set.of(
                        CallerLiedTo.lie("it may already have run and is not idempotent"),
                        CallerLiedTo.lie("the call, which may have run")))
                .noneMatch(text -> text.contains("may"));
    }

    @Test
    void attemptInDoubt_countsAsNeverSent() {
        Outcome broken = Outcome.broken(Code.UNAVAILABLE, "the connection broke");

        assertThat(ForgetfulTransport.forget(broken).kind()).isEqualTo(Outcome.Kind.UNSENT);
        assertThat(ForgetfulTransport.forget(Outcome.answered(Code.UNAVAILABLE)).kind())
                .isEqualTo(Outcome.Kind.ANSWERED);
    }
}
