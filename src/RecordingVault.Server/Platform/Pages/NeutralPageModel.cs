namespace RecordingVault.Server.Platform.Pages;

/// <summary>For people without an account. It names nobody, and says the same of what is not there and of what is not theirs.</summary>
public sealed record NeutralPageModel(PageFrame Frame, NeutralMessage Message);

public enum NeutralMessage
{
    /// <summary>404: "This link does not open anything."</summary>
    Nothing,

    /// <summary>400 and 403: the form was too old, or came from elsewhere.</summary>
    Stale,

    /// <summary>500</summary>
    Fault,
}
