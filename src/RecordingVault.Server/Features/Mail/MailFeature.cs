using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Mail;

internal static class MailFeature
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddSingleton(new SmtpTrust());
        services.AddSingleton<SmtpLine>();
        services.AddSingleton<LetterPaper>();
        services.AddScoped<Outbox>();
        services.AddScoped<LetterStandings>();
        services.AddScoped<InvitationLetters>();
        services.AddScoped<MailedNotices>();
        services.AddScoped<IMemberNotices>(provider => provider.GetRequiredService<MailedNotices>());
        return services;
    }
}
