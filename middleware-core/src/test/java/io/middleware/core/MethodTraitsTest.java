package io.middleware.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MethodTraitsTest {
    @Test
    void versionsThatDisagree_promiseWhatBothDo() {
        assertThat(new MethodTraits(true, true).and(new MethodTraits(true, false))).isEqualTo(new MethodTraits(true, false));
        assertThat(new MethodTraits(false, true).and(new MethodTraits(true, true))).isEqualTo(new MethodTraits(false, true));
        assertThat(new MethodTraits(true, true).and(new MethodTraits(true, true))).isEqualTo(new MethodTraits(true, true));
    }

    @Test
    void methodThatIsNotDescribed_promisesNothing() {
        Core core = Core.serving("p1");
        assertThat(core.service().traits("/hello.v1.HelloService/NotDescribed")).isEqualTo(new MethodTraits(false, false));
        assertThat(core.service().traits(Core.SAY_HELLO)).isEqualTo(new MethodTraits(true, true));
    }
}
