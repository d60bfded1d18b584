using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>One page with a model that shows what it can show.</summary>
public sealed record SamplePage(string Name, Type Component, object Model)
{
    public override string ToString() => Name;
}

/// <summary>Every page of the product, in each of its states. What is added to the product is added here.</summary>
public static class SamplePages
{
    public static readonly Guid Tenant = Guid.Parse("8f1f7a52-6b1e-4f0a-9a55-0d4b6f6a7c01");

    public static readonly PageFrame Frame = new()
    {
        TenantName = "Marsh Coaching",
        TenantId = Tenant,
        Member = new PageMember("Helen Marsh", "Owner"),
        Antiforgery = new AntiforgeryField("__RequestVerificationToken", "sample-token"),
    };

    public static readonly PageFrame Stranger = new() { Antiforgery = Frame.Antiforgery };

    public static IEnumerable<SamplePage> All =>
    [
        .. Enum.GetValues<PageError>().Select(error => new SamplePage($"error-{error}", typeof(ErrorPage), new ErrorPageModel(Frame, error, "7K2M-41D0"))),
    ];
}
