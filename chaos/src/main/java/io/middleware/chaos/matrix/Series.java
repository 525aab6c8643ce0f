package io.middleware.chaos.matrix;

import io.middleware.chaos.stack.Stack;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs rows one after another. A row that fails does not end the series.
 *
 * @param restore restores all parts after a row that failed, so that the next starts from a whole stack; throws if it
 *                cannot
 */
record Series(Player player, Runnable restore) {

    interface Player {
        Result play(Fault fault) throws InterruptedException;
    }

    /** @param onRow called with each row as it ends */
    List<Row> play(List<Fault> faults, Consumer<Row> onRow) throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        String obstacle = "";
        for (Fault fault : faults) {
            Row row = obstacle.isEmpty() ? row(fault) : new NotRun(fault, true, obstacle);
            if (row instanceof NotRun && obstacle.isEmpty()) {
                obstacle = restored();
            }
            rows.add(row);
            onRow.accept(row);
        }
        return rows;
    }

    private Row row(Fault fault) throws InterruptedException {
        try {
            return player.play(fault);
        } catch (Stack.NotPossibleException impossible) {
            return new NotRun(fault, false, String.valueOf(impossible.getMessage()));
        } catch (UncheckedIOException scriptEnded) {
            throw scriptEnded;
        } catch (RuntimeException failed) {
            return new NotRun(fault, true, String.valueOf(failed.getMessage()));
        }
    }

    /** Restores the stack. Returns why no more rows can be run, or nothing. */
    private String restored() {
        try {
            restore.run();
            return "";
        } catch (Stack.StackException failed) {
            return String.valueOf(failed.getMessage());
        }
    }
}
