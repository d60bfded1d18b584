namespace RecordingVault.Server.Commands.Checks;

internal enum Verdict
{
    Ok,

    /// <summary>Worth knowing; the vault is as safe as it says it is.</summary>
    Look,

    /// <summary>Something that the vault promises does not hold, or it can't run.</summary>
    Unsafe,
}

/// <summary>One line of `doctor`.</summary>
internal sealed record Finding(Verdict Verdict, string Subject, string Says)
{
    public string? Cure { get; init; }

    public static Finding Ok(string subject, string says) => new(Verdict.Ok, subject, says);

    public static Finding Look(string subject, string says, string cure) => new(Verdict.Look, subject, says) { Cure = cure };

    public static Finding Unsafe(string subject, string says, string cure) => new(Verdict.Unsafe, subject, says) { Cure = cure };
}
