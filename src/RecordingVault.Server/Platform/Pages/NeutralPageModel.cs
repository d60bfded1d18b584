namespace RecordingVault.Server.Platform.Pages;

/// <summary>For people without an account. It names nobody, and says the same of what is not there and of what is not theirs.</summary>
public sealed record NeutralPageModel(PageFrame Frame, NeutralMessage Message)
{
    /// <summary>Where its reader came from; null where it leads nowhere.</summary>
    public string? BackHref { get; init; }
}

public enum NeutralMessage
{
    /// <summary>404: "This link does not open anything."</summary>
    Nothing,

    /// <summary>400 and 403: the form was too old, or came from elsewhere.</summary>
    Stale,

    /// <summary>500</summary>
    Fault,

    /// <summary>503: the file that somebody wants to keep is being made ready. The answer has the browser ask again by itself.</summary>
    BeingMarked,

    /// <summary>404: a link's address that is only good while the link is open on this device.</summary>
    Closed,

    /// <summary>503: the same for the copy of one recipient, whose film is drawn on first.</summary>
    CopyBeingMade,
}
