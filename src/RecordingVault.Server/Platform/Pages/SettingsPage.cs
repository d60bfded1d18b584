namespace RecordingVault.Server.Platform.Pages;

/// <summary>Which of the settings pages is shown.</summary>
public enum SettingsPage
{
    Profile,
    Security,
    Organisation,
    Members,
    Tokens,
}
