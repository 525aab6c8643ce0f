package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only parts that are processes have. */
@ExtendWith(RunningStack.class)
class ProcessesIT {

    private final Stack stack;

    ProcessesIT(Stack stack) {
        this.stack = stack;
    }

    @ParameterizedTest
    @ValueSource(strings = {"consul", "database", "hello-service-1", "gateway-1"})
    void pid_isTheProcessItself(String name) throws Exception {
        Path executable =
                Path.of("/proc", stack.part(name).get("pid").asString(), "exe").toRealPath();
        assertThat(executable.getFileName().toString()).isEqualTo(name.equals("consul") ? "consul" : "java");
    }
}
