package io.middleware.starter;

/**
 * Thrown for a setting with which the application cannot start. These two sentences are shown instead of a stack trace.
 */
public final class WrongSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String action;

    /**
     * @param problem what is wrong, and what was expected
     * @param action  what to do about it
     */
    public WrongSettingException(String problem, String action) {
        super(problem);
        this.action = action;
    }

    public String action() {
        return action;
    }
}
