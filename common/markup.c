/* markup.c — see markup.h. */
#include "common/markup.h"

#include <string.h>

void markup_add(struct text *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		switch (text.at[i]) {
		case '&': text_add(out, STR("&amp;")); break;
		case '<': text_add(out, STR("&lt;")); break;
		case '>': text_add(out, STR("&gt;")); break;
		case '"': text_add(out, STR("&quot;")); break;
		default: text_add_byte(out, text.at[i]);
		}
}

void markup_add_data(struct text *out, struct str bytes)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~ =:/;,()*!@$";
	for (size_t i = 0; i < bytes.n; i++)
		if (bytes.at[i] && strchr(plain, bytes.at[i]))
			text_add_byte(out, bytes.at[i]);
		else
			text_addf(out, "%%%02X", (unsigned char)bytes.at[i]);
}
