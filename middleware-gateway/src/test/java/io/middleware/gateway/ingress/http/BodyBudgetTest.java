package io.middleware.gateway.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private final BodyBudget budget = new BodyBudget(100);

    @Test
    void bodiesTogether_areBounded() {
        BodyBudget.Lease one = budget.lease();
        BodyBudget.Lease other = budget.lease();
        one.growTo(60);
        other.growTo(40);

        assertThatThrownBy(() -> budget.lease().growTo(1)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.answer().status()).isEqualTo(429);
            assertThat(new String(refusal.answer().body(), StandardCharsets.UTF_8)).contains("resource_exhausted",
                    "at most 100 bytes in all");
        });
    }

    @Test
    void lease_countsTheLargestSizeOnce_andGivesItBack() {
        BodyBudget.Lease lease = budget.lease();
        lease.growTo(10);
        lease.growTo(90);
        lease.growTo(50);
        budget.lease().growTo(10);
        lease.close();
        lease.close();

        budget.lease().growTo(90);
        assertThatThrownBy(() -> budget.lease().growTo(1)).isInstanceOf(Refusal.class);
    }

    @Test
    void refusedGrowth_leavesWhatWasHeld() {
        BodyBudget.Lease lease = budget.lease();
        lease.growTo(80);
        assertThatThrownBy(() -> lease.growTo(101)).isInstanceOf(Refusal.class);
        budget.lease().growTo(20);
        lease.close();
        budget.lease().growTo(80);
    }

    @Test
    void unknownLength_holdsNothingYet() {
        budget.lease().growTo(-1);
        budget.lease().growTo(100);
    }

    @Test
    void oneBodyOfTheLargestSize_alwaysFits() {
        BodyBudget.ofHeap(Integer.MAX_VALUE).lease().growTo(Integer.MAX_VALUE);
    }
}
