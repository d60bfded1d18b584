namespace RecordingVault.Server.Platform.Pages;

/// <summary>For members; people without an account get the neutral page of the Sharing slice.</summary>
/// <param name="Reference">What the person can tell the operator, and the operator finds in the log.</param>
public sealed record ErrorPageModel(PageFrame Frame, PageError Error, string? Reference = null)
{
    /// <summary>Of <see cref="PageError.OtherTenant"/>: whose page it was, where the reader still belongs there.</summary>
    public TenantChoice? Left { get; init; }
}

public enum PageError
{
    /// <summary>404: not there, or not yours.</summary>
    NotFound,

    /// <summary>403</summary>
    NotAllowed,

    /// <summary>409: this page belongs to another tenant than the session.</summary>
    OtherTenant,

    /// <summary>400 of the antiforgery check: the form is older than the session.</summary>
    StaleForm,

    /// <summary>500</summary>
    Fault,
}
