using RecordingVault.Server.Platform.Streaming;

namespace RecordingVault.Server.Platform.Pages;

internal static class PagesRegistration
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<DoneNotes>();
        services.AddSingleton<PageEvents>();
        return services;
    }
}
