namespace RecordingVault.Cli;

/// <summary>A command stops for a reason that its user can do something about; the message says what.</summary>
internal sealed class CommandException(ExitCode code, string message) : Exception(message)
{
    public ExitCode Code { get; } = code;
}
