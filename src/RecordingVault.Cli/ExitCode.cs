namespace RecordingVault.Cli;

/// <summary>What a script learns; the list is in docs/leaving.md.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>Something was refused: cut, changed, or of a version that this program does not know.</summary>
    Damaged = 1,

    /// <summary>The command can't be done as it was given; nothing was written.</summary>
    Usage = 2,

    /// <summary>The root key opens nothing here.</summary>
    WrongKey = 3,

    /// <summary>What was asked for, or what it needs, is not in the store.</summary>
    Missing = 4,

    /// <summary>Reading or writing failed: a full disk, a missing right.</summary>
    InputOutput = 5,

    /// <summary>The user stopped it; the number is the shells' own for an interrupt.</summary>
    Interrupted = 130,
}
