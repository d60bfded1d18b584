namespace RecordingVault.Cli;

/// <summary>What a script learns; the lists are in docs/leaving.md and docs/command-line.md.</summary>
internal enum ExitCode
{
    /// <summary>Done; of an upload: every byte of every file is safe in the vault.</summary>
    Ok = 0,

    /// <summary>Something was refused: cut, changed, or of a version that this program does not know.</summary>
    Damaged = 1,

    /// <summary>The command can't be done as it was given; nothing was written.</summary>
    Usage = 2,

    /// <summary>The root key opens nothing here.</summary>
    WrongKey = 3,

    /// <summary>What was asked for, or what it needs, is not there.</summary>
    Missing = 4,

    /// <summary>Reading or writing here failed: a full disk, a missing right, a file that changed while it was sent.</summary>
    InputOutput = 5,

    /// <summary>No token, or one that the vault does not know any more.</summary>
    NotSignedIn = 6,

    /// <summary>The vault answered no, and trying again would not help.</summary>
    Refused = 7,

    /// <summary>The vault could not be reached, or not for long enough.</summary>
    Unreachable = 8,

    /// <summary>Some is safe in the vault and some is not.</summary>
    Partial = 9,

    /// <summary>The user stopped it; the number is the shells' own for an interrupt.</summary>
    Interrupted = 130,
}
