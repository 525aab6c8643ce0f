package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {

    @Test
    void tasks_waitForAPlace_inTheirOrder() {
        Places places = new Places(2);
        List<Integer> run = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            int number = i;
            places.take(() -> run.add(number));
        }
        assertThat(run).containsExactly(1, 2);

        places.giveBack();
        assertThat(run).containsExactly(1, 2, 3);
        places.giveBack();
        places.giveBack();
        places.take(() -> run.add(5));
        assertThat(run).containsExactly(1, 2, 3, 4, 5);
    }
}
