package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ContactTest {
    private long now = 1;
    private final Contact contact = new Contact("http://consul:8500", () -> now);

    @Test
    void age_isSinceTheStartBeforeTheFirstAnswer() {
        pass(3);
        assertThat(contact.age()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void age_isZeroWhileAQuestionIsOpen() {
        contact.answered("a");
        pass(9);
        assertThat(contact.age()).isZero();
    }

    @Test
    void age_isSinceTheLastAnswerInAnOutage() {
        contact.answered("a");
        pass(9);
        contact.failed("a", "refused");
        pass(1);
        assertThat(contact.age()).isEqualTo(Duration.ofSeconds(10));

        contact.answered("a");
        assertThat(contact.age()).isZero();
    }

    @Test
    void outage_isToldOnceHoweverManyNotice(CapturedOutput output) {
        contact.answered("a");
        contact.failed("a", "refused");
        contact.failed("b", "no answer within 2 s");
        contact.failed("a", "refused");
        assertThat(output)
                .containsOnlyOnce("Consul at http://consul:8500 gives no usable answer: refused; "
                        + "what it said last stays in force");

        pass(5);
        contact.answered("a");
        assertThat(output).doesNotContain("answers again");
        contact.answered("b");
        assertThat(output).containsOnlyOnce("Consul at http://consul:8500 gives answers again");
    }

    @Test
    void age_growsWhileOneIsNotAnsweredThoughAnotherIs() {
        contact.answered("heartbeat");
        contact.answered("poll");
        contact.failed("poll", "it answered 403: Permission denied");
        pass(3);
        assertThat(contact.answered("heartbeat")).as("it had not failed").isFalse();
        assertThat(contact.age()).isEqualTo(Duration.ofSeconds(3));
        assertThat(contact.problem()).contains("it answered 403: Permission denied");

        assertThat(contact.answered("poll")).as("its failure ended").isTrue();
        assertThat(contact.age()).isZero();
        assertThat(contact.problem()).isEmpty();
    }

    @Test
    void endedPoll_keepsNoOutageOpen() {
        contact.answered("a");
        contact.failed("b", "refused");
        contact.ended("b");
        pass(3);
        assertThat(contact.age()).as("until somebody is answered").isEqualTo(Duration.ofSeconds(3));
        contact.answered("a");
        assertThat(contact.age()).isZero();
        assertThat(contact.problem()).isEmpty();
    }

    private void pass(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}
