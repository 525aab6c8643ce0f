package io.middleware.core;

import static io.middleware.core.MethodTraits.Idempotency.IDEMPOTENT;
import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.core.MethodTraits.Idempotency.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.fixture.CoreFixture;
import org.junit.jupiter.api.Test;

class MethodTraitsTest {
    @Test
    void versionsThatDisagree_promiseWhatBothDo() {
        MethodTraits reads = new MethodTraits(true, NO_SIDE_EFFECTS);
        MethodTraits updates = new MethodTraits(true, IDEMPOTENT);
        MethodTraits signs = new MethodTraits(true, UNKNOWN);
        assertThat(reads.and(signs)).isEqualTo(signs);
        assertThat(signs.and(updates)).isEqualTo(signs);
        assertThat(reads.and(updates)).isEqualTo(updates);
        assertThat(updates.and(reads)).isEqualTo(updates);
        assertThat(reads.and(reads)).isEqualTo(reads);
        assertThat(new MethodTraits(false, NO_SIDE_EFFECTS).and(updates))
                .isEqualTo(new MethodTraits(false, IDEMPOTENT));
    }

    @Test
    void methodThatIsNotDescribed_promisesNothing() {
        CoreFixture core = CoreFixture.serving("p1");
        assertThat(core.service().traits("/hello.v1.HelloService/NotDescribed"))
                .isEqualTo(new MethodTraits(false, UNKNOWN));
        assertThat(core.service().traits(CoreFixture.SAY_HELLO)).isEqualTo(new MethodTraits(true, NO_SIDE_EFFECTS));
    }

    @Test
    void methodsThatDoNoHarmTwice_areIdempotent() {
        assertThat(new MethodTraits(true, NO_SIDE_EFFECTS).idempotent()).isTrue();
        assertThat(new MethodTraits(false, IDEMPOTENT).idempotent()).isTrue();
        assertThat(new MethodTraits(true, UNKNOWN).idempotent()).isFalse();
    }
}
