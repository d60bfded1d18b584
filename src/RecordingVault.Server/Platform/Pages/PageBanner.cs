namespace RecordingVault.Server.Platform.Pages;

/// <summary>Stands on every page of a member, with the one button that ends it.</summary>
/// <param name="Action">Where the button posts; the field returnTo names the page that it was on.</param>
public sealed record PageBanner(string Fact, string Why, string Action, string Button);
