namespace RecordingVault.Server.Platform.Pages;

/// <summary>Where the settings pages stand: slices below them post there and lead back.</summary>
internal static class SettingsPaths
{
    public const string Profile = "/settings/profile";

    /// <summary>Where a member sees all that lets him in, and where he is signed in.</summary>
    public const string Security = "/settings/security";
    public const string Organisation = "/settings/organisation";
    public const string Members = "/settings/members";
    public const string Tokens = "/settings/tokens";
}
