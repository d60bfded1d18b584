using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing.Links;

/// <summary>GET /shares/{id}, and the answer to its forms where they were refused or made a new address, which is shown once.</summary>
public sealed record LinkPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>The link as it is.</summary>
    public required LinkLine Link { get; init; }

    /// <summary>The form as it was filled in.</summary>
    public required LinkForm Form { get; init; }

    /// <summary>What was refused, with the cure.</summary>
    public string? Error { get; init; }

    /// <summary>Refused for the age of the sign-in only: the cure is one click away.</summary>
    public bool NeedsSignIn { get; init; }

    /// <summary>The page comes after a change.</summary>
    public bool WasChanged { get; init; }

    /// <summary>Whether its recording is a film, which can be drawn on.</summary>
    public bool CanMark { get; init; }

    /// <summary>A new address, shown this once.</summary>
    public MadeLink? Made { get; init; }
}

/// <summary>POST /shares/{id}: recipientName, note, may (watch or download), days (keep, a number or custom), until or at, passcodeIs (keep, new or none), passcode, and, where marks=shown, slate, corner and markLanguage.</summary>
public sealed record LinkForm
{
    public string RecipientName { get; init; } = "";

    public string Note { get; init; } = "";

    public bool AllowDownload { get; init; }

    public string Days { get; init; } = "keep";

    public string Until { get; init; } = "";

    public string PasscodeIs { get; init; } = "keep";

    public required string Passcode { get; init; }

    public bool Slate { get; init; }

    public bool Corner { get; init; }

    public string MarkLanguage { get; init; } = "en";
}
