package io.middleware.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class StageTest {

    private final List<String> commands = new ArrayList<>();
    private final Clock clock = new Clock() {
        private long now = 1_000;

        @Override
        public long micros() {
            return now++;
        }

        @Override
        public void sleep(Duration duration) {
            now += duration.toNanos() / 1_000;
        }
    };
    private String refuses = "";
    private final Stage stage = new Stage(this::run, clock, new Parts(List.of()));

    @Test
    void whatWasBroken_isMendedInThatOrder() {
        stage.breaks("consul", "kill", "start");
        stage.faults("hello-service-1", "hang");
        stage.mends();

        assertThat(commands).containsExactly("kill consul", "fault hello-service-1 hang", "start consul",
                "fault hello-service-1 none");
        assertThat(stage.affected()).containsExactly("consul", "hello-service-1");
        assertThat(stage.mendedAt()).isGreaterThan(stage.brokenAt());
    }

    @Test
    void putBack_mendsOnceOnly() {
        stage.breaks("nginx", "pause", "resume");
        stage.mends();
        stage.putBack();

        assertThat(commands).containsExactly("pause nginx", "resume nginx");
    }

    @Test
    void whatFailedToBreak_isMendedToo() {
        refuses = "kill";
        assertThatThrownBy(() -> stage.breaks("consul", "kill", "start")).isInstanceOf(Stack.StackException.class);
        stage.putBack();

        assertThat(commands).containsExactly("kill consul", "start consul");
    }

    private String run(String... words) {
        commands.add(String.join(" ", words));
        if (words[0].equals(refuses)) {
            throw new Stack.StackException("refused");
        }
        return "";
    }
}
